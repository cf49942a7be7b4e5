import { useTranslations } from 'use-intl';
import { type Moment, useTimes } from '@/lib/time/useTimes';
import classes from './SavedAt.module.css';

export type Saving =
  /** Nothing was written yet: nothing is said. */
  | { state: 'idle' }
  | { state: 'saving' }
  | { state: 'saved'; at: Moment }
  /** Kept on this device; it is sent when the network is back. */
  | { state: 'local' }
  | { state: 'failed' };

/** Whether what was written is safe, in words, read out when it changes. */
export function SavedAt({ saving }: { saving: Saving }) {
  const t = useTranslations('saving');
  const times = useTimes();
  return (
    <span className={classes.saved} data-state={saving.state} role="status" aria-live="polite">
      {saving.state === 'saved' && t('saved', { time: times.time(saving.at) })}
      {saving.state !== 'saved' && saving.state !== 'idle' && t(saving.state)}
    </span>
  );
}
