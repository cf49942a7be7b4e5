import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import type { Waiting } from '../model';
import classes from './Waiting.module.css';

/** How long it will take, with its range; or that nobody can tell yet, and why. */
export function Estimate({ waiting }: { waiting: Waiting }) {
  const t = useTranslations('visits.waiting');
  const times = useTimes();
  const { estimate, clinicians, visit } = waiting;
  if (visit.slot && new Date(visit.slot.starts_at) > new Date()) {
    return (
      <p className={classes.estimate}>
        {t('bookedFor', { time: times.time(visit.slot.starts_at) })}
      </p>
    );
  }
  if (!estimate) {
    return <p className={classes.estimate}>{t(clinicians > 0 ? 'cannotTell' : 'nobodyYet')}</p>;
  }
  if (estimate.likely <= 1) {
    return <p className={classes.estimate}>{t('anyMinute', { high: estimate.high })}</p>;
  }
  return (
    <>
      <p className={classes.minutes}>{t('likely', { minutes: estimate.likely })}</p>
      {estimate.low < estimate.high && (
        <p className={classes.estimate}>{t('range', { low: estimate.low, high: estimate.high })}</p>
      )}
    </>
  );
}
