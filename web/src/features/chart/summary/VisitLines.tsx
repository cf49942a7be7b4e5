import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { RestrictedMark } from '@/ui/states/LockedChart';
import type { ChartSummary } from '../queries';
import { Part } from './Part';
import classes from './Summary.module.css';

interface VisitLinesProps {
  visits: ChartSummary['visits'];
  onOpen?: ((visitId: string) => void) | undefined;
}

/** Earlier visits, the latest first; pressing one shows its note. */
export function VisitLines({ visits, onOpen }: VisitLinesProps) {
  const t = useTranslations('chart.summary');
  const reason = useReasonName();
  const times = useTimes();
  return (
    <Part title={t('visits')} none={t('noVisits')}>
      {visits.map((visit) => {
        const line = (
          <>
            <span className={classes.name}>
              {times.date(visit.admitted_at ?? visit.requested_at)}
              {' · '}
              {visit.restricted ? <RestrictedMark /> : reason(visit.reason_code)}
            </span>
            <span className={classes.below}>
              {visit.diagnoses.length > 0
                ? visit.diagnoses.map(({ display }) => display).join('; ')
                : t(`visitStatus.${visit.status}`)}
              {visit.clinician && ` · ${visit.clinician}`}
            </span>
          </>
        );
        return (
          <li key={visit.id} className={classes.item}>
            {(visit.signed || visit.restricted) && onOpen ? (
              <button type="button" className={classes.visit} onClick={() => onOpen(visit.id)}>
                {line}
              </button>
            ) : (
              <span className={classes.words}>{line}</span>
            )}
          </li>
        );
      })}
    </Part>
  );
}
