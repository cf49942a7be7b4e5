import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { ApiProblem } from '@/lib/api/problem';
import { LocalMedia } from '@/lib/call/devices';
import type { Peer } from '@/lib/call/protocol';
import type { Ending, JoinGrant } from '@/lib/call/state';
import { FormProblem } from '@/lib/errors/FormProblem';
import { catalogues } from '@/lib/i18n/catalogues';
import { asProblem } from './asProblem';
import { DeviceCheck } from './devices/DeviceCheck';
import type { InCallProps } from './InCall';
import type { NameOf } from './stage/CallStage';
import classes from './stage/Stage.module.css';
import { useCutOff } from './useCutOff';

interface CallRoomProps {
  visitId: string;
  /** `POST /api/visits/{id}/join`, asked for each ticket that is needed. Throws ApiProblem. */
  join: () => Promise<JoinGrant>;
  /** The person goes on from the screen after the call. */
  onLeft: (ending: Ending) => void;
  nameOf?: NameOf;
  awaited: Peer['role'];
  /** Whoever is only asked in tells nothing of how the call went. */
  guest?: boolean;
  /** Fills its place beside other things, or a page of its own. */
  variant: 'page' | 'pane';
  joinLabel?: string;
  /** Stands between the device check and its button; gets the problem that joining met, if any. */
  beforeJoin?: (problem: ApiProblem | null) => ReactNode;
}

interface Joined {
  grant: JoinGrant;
  InCall: ComponentType<InCallProps>;
}

/** A call is better without it than not at all. */
const Failures = lazy(() => import('./history/Failures').catch(() => ({ default: () => null })));

/** The code and the texts of the call itself. Asked for when the mirror opens, so that it is there before anybody joins. */
const call = () =>
  Promise.all([import('./InCall'), catalogues.load('visits/call')])
    .then(([{ InCall }]) => InCall)
    .catch(() => {
      throw new ApiProblem(0, 'unreachable');
    });

const noName: NameOf = () => null;

/** A call from the look in the mirror to the end of it. */
export function CallRoom(props: CallRoomProps) {
  const local = useLocalMedia();
  return (
    <div className={classes.room} data-variant={props.variant}>
      {local && <Room local={local} {...props} />}
    </div>
  );
}

/** One's camera and microphone for as long as the component lives. */
function useLocalMedia(): LocalMedia | null {
  const [local, setLocal] = useState<LocalMedia | null>(null);
  useEffect(() => {
    const made = new LocalMedia();
    setLocal(made);
    return () => made.close();
  }, []);
  return local;
}

function Room({ local, ...props }: CallRoomProps & { local: LocalMedia }) {
  const { nameOf = noName, joinLabel, beforeJoin } = props;
  const t = useTranslations('visits.call');
  const [joined, setJoined] = useState<Joined | null>(null);
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  useEffect(() => void call().catch(() => undefined), []);

  const join = async () => {
    setAsking(true);
    try {
      const InCall = await call();
      setJoined({ InCall, grant: await props.join() });
      setProblem(null);
    } catch (error) {
      setProblem(asProblem(error));
    } finally {
      setAsking(false);
    }
  };
  const resuming = useCutOff(props.visitId, async () => {
    await local.open();
    await join();
  });

  const view = () => {
    if (joined) {
      const { InCall, grant } = joined;
      return <InCall {...props} local={local} grant={grant} nameOf={nameOf} />;
    }
    if (resuming && !problem) return <p role="status">{t('joining')}</p>;
    return (
      <DeviceCheck local={local} onJoin={() => void join()} joining={asking} joinLabel={joinLabel}>
        {beforeJoin?.(problem)}
        <FormProblem of={problem && problem.fields.length === 0 ? problem : null} />
      </DeviceCheck>
    );
  };
  return (
    <>
      {view()}
      <Suspense>
        {!props.guest && <Failures visitId={props.visitId} local={local} problem={problem} />}
      </Suspense>
    </>
  );
}
