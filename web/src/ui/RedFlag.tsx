import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import classes from './RedFlag.module.css';

interface RedFlagProps {
  level: string;
  /** Since when the patient's answers no longer raise it; null while they do. */
  changedAt: string | null;
  children: ReactNode;
}

/** A sign of danger. It stays when the answers behind it are changed, marked with when. */
export function RedFlag({ level, changedAt, children }: RedFlagProps) {
  const t = useTranslations('visits/staff.redFlag');
  const times = useTimes();
  const when = (at: string) => (times.daysAway(at) === 0 ? times.time(at) : times.dateTime(at));
  return (
    <span className={classes.flag} data-level={level} data-changed={changedAt !== null}>
      <IconAlertTriangle size={15} aria-hidden />
      <span>{children}</span>
      {changedAt && (
        <span className={classes.changed}>{t('changed', { time: when(changedAt) })}</span>
      )}
    </span>
  );
}
