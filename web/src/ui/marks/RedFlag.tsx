import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useTimes } from '@/lib/time/useTimes';
import classes from './RedFlag.module.css';

interface RedFlagProps {
  level: string;
  /** Since when the patient's answers no longer raise it; null while they do. */
  changedAt: string | null;
  /** What raised it, as the server explains it; nothing for a flag that is older than explanations. */
  because?: Record<'en' | 'es', string> | null | undefined;
  children: ReactNode;
}

/** A sign of danger with why it was raised. It stays when the answers behind it are changed, marked with when. */
export function RedFlag({ level, changedAt, because, children }: RedFlagProps) {
  const t = useTranslations('visits/staff.redFlag');
  const times = useTimes();
  const locale = useCurrentLocale();
  const when = (at: string) => (times.daysAway(at) === 0 ? times.time(at) : times.dateTime(at));
  return (
    <span className={classes.flag} data-level={level} data-changed={changedAt !== null}>
      <IconAlertTriangle size={15} aria-hidden />
      <span>{children}</span>
      {because && (
        <span className={classes.because}>{t('because', { reason: because[locale] })}</span>
      )}
      {changedAt && (
        <span className={classes.changed}>{t('changed', { time: when(changedAt) })}</span>
      )}
    </span>
  );
}
