import { useTranslations } from 'use-intl';
import { useNow } from '@/lib/time/useNow';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { LinkButton } from '@/ui/links/LinkButton';
import { type Knot, Thread } from '@/ui/page/Thread';
import classes from './NextStep.module.css';
import type { OwnVisit } from './record';
import { ADDRESS, nextStep, STATIONS, standsAt } from './thread';

/** A visit that goes on: its thread, where one is on it, and the one thing to do now. */
export function NextStep({ visit }: { visit: OwnVisit }) {
  const t = useTranslations('home.next');
  const reason = useReasonName();
  const step = nextStep(visit, useNow());
  const station = standsAt(visit) ?? 'intake';
  const heading = `next-${visit.id}`;
  return (
    <section className={classes.card} aria-labelledby={heading}>
      <header>
        <h2 id={heading} className={classes.title}>
          {reason(visit.reason_code)}
        </h2>
        <p className={classes.when}>
          <When visit={visit} />
        </p>
      </header>
      <Thread knots={useKnots(visit)} label={t('label')} />
      <LinkButton
        to={ADDRESS[station]}
        params={{ visitId: visit.id }}
        variant={step === 'comeLater' ? 'default' : 'filled'}
        fullWidth
      >
        {t(`action.${step}`)}
      </LinkButton>
    </section>
  );
}

function When({ visit }: { visit: OwnVisit }) {
  const t = useTranslations('home.next');
  const times = useTimes();
  const now = useNow();
  const { slot, clinician } = visit;
  if (slot && clinician) {
    const time = times.timeWithZone(slot.starts_at);
    return t('booked', { day: times.weekday(slot.starts_at), time, clinician: clinician.name });
  }
  if (clinician) return t('with', { clinician: clinician.name });
  return t('since', { time: times.relative(visit.requested_at, now) });
}

function useKnots(visit: OwnVisit): Knot[] {
  const t = useTranslations('home.next');
  const times = useTimes();
  const step = nextStep(visit, useNow());
  const at = STATIONS.indexOf(standsAt(visit) ?? 'intake');
  const opens = visit.check_in_opens_at;
  return STATIONS.map((name, index) => ({
    id: name,
    title: t(`station.${name}`),
    state: index < at ? 'done' : index === at ? 'now' : 'next',
    detail: index === at && t(`status.${step}`, { time: opens ? times.dateTime(opens) : '' }),
  }));
}

/** When nothing goes on: the way to begin. */
export function Begin() {
  const t = useTranslations('home.begin');
  return (
    <section className={classes.card} aria-labelledby="begin">
      <header>
        <h2 id="begin" className={classes.title}>
          {t('title')}
        </h2>
        <p className={classes.when}>{t('body')}</p>
      </header>
      <LinkButton to="/visit/new" fullWidth>
        {t('action')}
      </LinkButton>
    </section>
  );
}
