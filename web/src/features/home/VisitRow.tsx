import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { LinkRow } from '@/ui/links/LinkRow';
import { Row } from '@/ui/links/Row';
import { StatusBadge, type Tone } from '@/ui/marks/StatusBadge';
import type { OwnVisit } from './record';
import { ADDRESS, standsAt } from './thread';

const TONES: Readonly<Record<string, Tone>> = {
  intake: 'attention',
  waiting: 'active',
  left: 'attention',
  admitted: 'active',
};

/** A visit in a list: it leads to where it goes on, or to its summary once there is one. */
export function VisitRow({ visit, signed }: { visit: OwnVisit; signed: boolean }) {
  const reason = useReasonName();
  const t = useTranslations('home.visit');
  const times = useTimes();
  const station = standsAt(visit) ?? (signed ? 'summary' : null);
  const date = times.date(visit.slot?.starts_at ?? visit.finished_at ?? visit.requested_at);
  const day = visit.clinic_location?.name
    ? t('dayAndPlace', { day: date, place: visit.clinic_location.name })
    : date;
  const texts = {
    title: reason(visit.reason_code),
    detail: visit.clinician ? t('dayAndClinician', { day, clinician: visit.clinician.name }) : day,
    aside: (
      <StatusBadge tone={signed ? 'active' : (TONES[visit.status] ?? 'done')}>
        {signed ? t('status.summaryReady') : t(`status.${visit.status}`)}
      </StatusBadge>
    ),
  };
  return station ? (
    <LinkRow to={ADDRESS[station]} params={{ visitId: visit.id }} {...texts} />
  ) : (
    <Row {...texts} />
  );
}
