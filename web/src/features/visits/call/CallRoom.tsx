import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import type { Call } from '@/lib/call/engine';
import type { Peer } from '@/lib/call/protocol';
import type { Ending, JoinGrant } from '@/lib/call/state';
import { FormProblem } from '@/lib/errors/FormProblem';
import { CallOver } from './CallOver';
import { CallStage, type NameOf } from './CallStage';
import { DeviceCheck } from './DeviceCheck';
import { asProblem, refused } from './refused';
import classes from './Stage.module.css';
import { useAwake } from './useAwake';
import { useCall, useStore } from './useCall';
import { useCutOff } from './useCutOff';

interface CallRoomProps {
  visitId: string;
  /** `POST /api/visits/{id}/join`, asked for each ticket that is needed. Throws ApiProblem. */
  join: () => Promise<JoinGrant>;
  /** The person goes on from the screen after the call. */
  onLeft: (ending: Ending) => void;
  nameOf?: NameOf;
  awaited: Peer['role'];
  /** Fills its place beside other things, or a page of its own. */
  variant: 'page' | 'pane';
  joinLabel?: string;
  /** Stands between the device check and its button; gets the problem that joining met, if any. */
  beforeJoin?: (problem: ApiProblem | null) => ReactNode;
}

const noName: NameOf = () => null;

/** A call from the look in the mirror to the end of it. */
export function CallRoom(props: CallRoomProps) {
  const { join } = props;
  const call = useCall(() => join().catch(refused));
  return (
    <div className={classes.room} data-variant={props.variant}>
      {call && <Room call={call} {...props} />}
    </div>
  );
}

function Room({ call, ...props }: CallRoomProps & { call: Call }) {
  const { nameOf = noName, awaited, onLeft, joinLabel, beforeJoin } = props;
  const state = useStore(call);
  const { phase, ending } = state;
  const t = useTranslations('visits.call.status');
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);

  useEffect(() => {
    // The camera's light goes out with the call.
    if (phase === 'over') call.local.release();
  }, [phase, call]);

  useAwake(state, awaited);

  const join = async () => {
    setAsking(true);
    try {
      call.join(await props.join());
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setAsking(false);
    }
  };
  const resuming = useCutOff(props.visitId, phase, async () => {
    await call.local.open();
    await join();
  });
  const again = () => {
    void call.local.open();
    call.join();
  };

  if (phase === 'idle' && resuming && !problem) return <p role="status">{t('joining')}</p>;
  if (phase === 'idle') {
    return (
      <DeviceCheck
        local={call.local}
        onJoin={() => void join()}
        joining={asking}
        joinLabel={joinLabel}
      >
        {beforeJoin?.(problem)}
        <FormProblem of={problem && problem.fields.length === 0 ? problem : null} />
      </DeviceCheck>
    );
  }
  if (phase === 'over') {
    return <CallOver state={state} again={again} leave={() => onLeft(ending ?? 'hung_up')} />;
  }
  return <CallStage call={call} nameOf={nameOf} awaited={awaited} />;
}
