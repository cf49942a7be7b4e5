import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import type { Waiting } from '../model';
import classes from './Check.module.css';
import { VerdictIcon } from './VerdictIcon';

/** In the waiting room: what the last check said of the call. */
export default function ReadySign({ check }: { check: NonNullable<Waiting['check']> }) {
  const t = useTranslations('visits/check');
  const times = useTimes();
  return (
    <p className={classes.sign} data-verdict={check.verdict}>
      <VerdictIcon verdict={check.verdict} size={22} />
      <span>
        {t(`verdict.${check.verdict}`)}{' '}
        <span className={classes.quiet}>{t('checkedAt', { time: times.time(check.at) })}</span>
      </span>
    </p>
  );
}
