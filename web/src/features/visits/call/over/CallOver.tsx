import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { CallState, Ending } from '@/lib/call/state';
import { useErrorText } from '@/lib/errors/useErrorText';
import classes from './CallOver.module.css';

/** Endings before anything could be good or bad. */
const NO_CALL: readonly Ending[] = ['refused', 'room_full', 'outdated'];

interface CallOverProps {
  state: CallState;
  /** Join once more from this page. */
  again: () => void;
  leave: () => void;
  /** Stands beneath where there was a call. */
  badCall: ReactNode;
}

/** After the call, or where it cannot be: what happened, and the one thing to do next. */
export default function CallOver({ state, again, leave, badCall }: CallOverProps) {
  const t = useTranslations('visits/call/over');
  const errorText = useErrorText();
  const ending = state.ending ?? 'hung_up';
  const hint = ending === 'refused' ? errorText(state.problem ?? '') : t(`${ending}Hint`);
  const final = ending === 'visit_over' || ending === 'removed';
  return (
    <div className={classes.over} role="status">
      <h2>{t(ending)}</h2>
      <p>{hint}</p>
      <div className={classes.overActions}>
        {ending === 'outdated' && (
          <Button onClick={() => window.location.reload()}>{t('reload')}</Button>
        )}
        {!final && ending !== 'outdated' && (
          <Button onClick={again}>{t(ending === 'taken_over' ? 'useThis' : 'joinAgain')}</Button>
        )}
        <Button variant={final ? 'filled' : 'default'} onClick={leave}>
          {t(ending === 'visit_over' ? 'goOn' : 'back')}
        </Button>
      </div>
      {!NO_CALL.includes(ending) && badCall}
    </div>
  );
}
