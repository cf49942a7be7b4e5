import { useTranslations } from 'use-intl';
import { useLiveState } from '@/lib/live/useLive';
import classes from './LiveSign.module.css';

/** Whether this screen hears of changes as they happen. */
export function LiveSign() {
  const t = useTranslations('visits/staff.shell');
  const state = useLiveState();
  return (
    <span className={classes.sign} data-state={state} role="status">
      {t(`live.${state}`)}
    </span>
  );
}
