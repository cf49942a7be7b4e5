import { lazy, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import type { Call } from '@/lib/call/engine';
import type { Peer } from '@/lib/call/protocol';
import type { Ending, JoinGrant } from '@/lib/call/state';
import { catalogues } from '@/lib/i18n/catalogues';
import { arriving } from '@/lib/routing/notLoaded';
import { LazyBadCall } from './LazyBadCall';
import { refused } from './refused';
import { CallStage, type NameOf } from './stage/CallStage';
import { useAwake } from './useAwake';
import { useCall } from './useCall';
import { useRememberedCall } from './useCutOff';
import { useHistory } from './useHistory';
import { useStore } from './useStore';

export interface InCallProps {
  visitId: string;
  local: LocalMedia;
  /** The ticket of the first attempt. */
  grant: JoinGrant;
  /** Asked for each ticket that is needed later. */
  join: () => Promise<JoinGrant>;
  onLeft: (ending: Ending) => void;
  nameOf: NameOf;
  awaited: Peer['role'];
  guest?: boolean | undefined;
}

/** What is said after the call: fetched while it runs, so that it is there when the network is not. */
const over = arriving(async () => {
  const [module] = await Promise.all([
    import('./over/CallOver'),
    catalogues.load('visits/call/over'),
  ]);
  return module;
});
const CallOver = lazy(over);

/** From joining to the end of the call. */
export function InCall(props: InCallProps) {
  const t = useTranslations('visits.call');
  const [attempt, setAttempt] = useState(props.grant.attempt_id);
  const call = useCall(props.local, props.grant, async () => {
    const grant = await props.join().catch(refused);
    setAttempt(grant.attempt_id);
    return grant;
  });
  if (!call) return <p role="status">{t('joining')}</p>;
  return <Running call={call} attempt={attempt} {...props} />;
}

interface RunningProps extends InCallProps {
  call: Call;
  attempt: string;
}

function Running({ call, attempt, visitId, nameOf, awaited, guest, onLeft }: RunningProps) {
  const state = useStore(call);
  useHistory(call, guest ? null : visitId, attempt);
  const { phase, ending } = state;
  useEffect(() => {
    // The camera's light goes out with the call.
    if (phase === 'over') call.local.release();
  }, [phase, call]);
  useAwake(state, awaited);
  useRememberedCall(visitId, phase);
  useEffect(() => void over().catch(() => undefined), []);

  const again = () => {
    void call.local.open();
    call.join();
  };
  const badCall = !guest && <LazyBadCall key={attempt} visitId={visitId} attempt={attempt} />;
  if (phase === 'over') {
    const leave = () => onLeft(ending ?? 'hung_up');
    return (
      <Suspense>
        <CallOver state={state} again={again} leave={leave} badCall={badCall} />
      </Suspense>
    );
  }
  return <CallStage {...{ call, visitId, nameOf, awaited }} menu={badCall} />;
}
