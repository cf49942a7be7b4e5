import { useEffect } from 'react';
import { useTranslations } from 'use-intl';
import type { LocalMedia } from '@/lib/call/devices';
import type { Call } from '@/lib/call/engine';
import type { Peer } from '@/lib/call/protocol';
import type { Ending, JoinGrant } from '@/lib/call/state';
import { CallOver } from './CallOver';
import { refused } from './refused';
import { CallStage, type NameOf } from './stage/CallStage';
import { useAwake } from './useAwake';
import { useCall } from './useCall';
import { useRememberedCall } from './useCutOff';
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
}

/** From joining to the end of the call. */
export function InCall(props: InCallProps) {
  const t = useTranslations('visits.call');
  const call = useCall(props.local, props.grant, () => props.join().catch(refused));
  return call ? <Running call={call} {...props} /> : <p role="status">{t('joining')}</p>;
}

function Running({ call, visitId, nameOf, awaited, onLeft }: InCallProps & { call: Call }) {
  const state = useStore(call);
  const { phase, ending } = state;
  useEffect(() => {
    // The camera's light goes out with the call.
    if (phase === 'over') call.local.release();
  }, [phase, call]);
  useAwake(state, awaited);
  useRememberedCall(visitId, phase);

  const again = () => {
    void call.local.open();
    call.join();
  };
  if (phase === 'over') {
    return <CallOver state={state} again={again} leave={() => onLeft(ending ?? 'hung_up')} />;
  }
  return <CallStage call={call} nameOf={nameOf} awaited={awaited} />;
}
