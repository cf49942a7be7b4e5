import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Call } from '@/lib/call/engine';
import type { Peer } from '@/lib/call/protocol';
import { seenOf } from '@/lib/call/seen';
import type { CallState } from '@/lib/call/state';
import { DeviceProblems } from '../devices/DeviceProblems';
import { Devices } from '../devices/Devices';
import { LazyVoice } from '../LazyVoice';
import { useStore } from '../useStore';
import { Controls } from './Controls';
import grid from './Grid.module.css';
import { Movable } from './Movable';
import { OwnPicture } from './OwnPicture';
import { RemotePicture } from './RemotePicture';
import classes from './Stage.module.css';
import { useSecondsUntil } from './useSeconds';

/** What to call somebody in a sentence, by their role and who they are to the platform; null where only the role is known. */
export type NameOf = (role: Peer['role'], id?: string) => string | null | undefined;

type Name = (role: Peer['role'], id?: string) => string;

interface CallStageProps {
  call: Call;
  visitId: string;
  nameOf: NameOf;
  /** Who is awaited while nobody else is here. */
  awaited: Peer['role'];
  /** Stands in the menu, above the devices. */
  menu: ReactNode;
}

/** The call itself: the others large, oneself small, the controls, and always a sentence for what is. */
export function CallStage({ call, visitId, nameOf, awaited, menu }: CallStageProps) {
  const t = useTranslations('visits/call');
  const state = useStore(call);
  const qualities = useStore(call.qualities);
  const [devicesOpen, setDevicesOpen] = useState(false);
  const name: Name = (role, id) => nameOf(role, id) ?? t(`who.${role}`);
  const peers = Object.values(state.peers);
  return (
    <section
      className={`${classes.stage} ${grid.grid}`}
      data-call
      data-phase={state.phase}
      data-others={peers.length}
    >
      <div className={classes.others}>
        {peers.map((peer) => (
          <RemotePicture
            key={`${peer.peer.participant_id} ${peer.peer.instance}`}
            call={call}
            peer={peer}
            name={name(peer.peer.role, peer.peer.participant_id)}
            shown={seenOf(state, peer.peer).camera}
            quality={qualities[peer.peer.participant_id] ?? 'unknown'}
          />
        ))}
        {peers.length === 0 && <Alone state={state} name={name} awaited={awaited} />}
        <Movable>
          <OwnPicture local={call.local} label={t('picture.you')} />
        </Movable>
      </div>
      <OwnConnection call={call} state={state} />
      <div className={classes.problems}>
        <DeviceProblems local={call.local} inCall />
      </div>
      {devicesOpen && (
        <div className={classes.devices}>
          {menu}
          <Devices local={call.local} />
          <p className={classes.keys}>{t('keys')}</p>
        </div>
      )}
      {peers.length > 0 && <LazyVoice call={call} visitId={visitId} name={name} />}
      <Controls
        local={call.local}
        devicesOpen={devicesOpen}
        onDevices={() => setDevicesOpen(!devicesOpen)}
        onHangUp={() => call.hangUp()}
      />
      <p className="visually-hidden" role="status">
        {sentence(state, t, name, awaited)}
      </p>
    </section>
  );
}

type T = ReturnType<typeof useTranslations<'visits/call'>>;

/** The state of the call in one sentence, for those who hear the page. */
function sentence(state: CallState, t: T, name: Name, awaited: Peer['role']): string {
  const [peer] = Object.values(state.peers);
  if (state.phase === 'joining') return t('status.joining');
  if (state.phase === 'reconnecting') return t('status.reconnecting');
  if (!peer) return t('status.waiting', { name: name(awaited) });
  const who = { name: name(peer.peer.role, peer.peer.participant_id) };
  if (peer.away) return t('status.peerAway', who);
  if (peer.link.phase === 'lost') return t('status.mending', who);
  return t(peer.link.phase === 'connected' ? 'status.connected' : 'status.connecting', who);
}

function Alone({ state, name, awaited }: { state: CallState; name: Name; awaited: Peer['role'] }) {
  const t = useTranslations('visits/call.status');
  const { departed } = state;
  if (state.phase === 'joining') {
    return (
      <div className={classes.alone}>
        <span className={classes.pulse} aria-hidden />
        <p>{t(state.failures > 0 ? 'joiningRetry' : 'joining')}</p>
      </div>
    );
  }
  if (departed) {
    const who = { name: name(departed.peer.role, departed.peer.participant_id) };
    return (
      <div className={classes.alone}>
        <p>{t(departed.cause === 'timeout' ? 'departedLost' : 'departedHangUp', who)}</p>
        <p className={classes.small}>{t('departedHint', who)}</p>
      </div>
    );
  }
  return (
    <div className={classes.alone}>
      <span className={classes.pulse} aria-hidden />
      <p>{t('waiting', { name: name(awaited) })}</p>
    </div>
  );
}

/** Our own trouble with signaling: what is done about it, and when. */
function OwnConnection({ call, state }: { call: Call; state: CallState }) {
  const t = useTranslations('visits/call.status');
  const seconds = useSecondsUntil(state.retryAt);
  const retrying =
    state.phase === 'reconnecting' || (state.phase === 'joining' && seconds !== null);
  if (!retrying) return null;
  return (
    <div className={classes.banner}>
      <span className={classes.pulse} aria-hidden />
      <span>{navigator.onLine ? t('reconnecting') : t('offline')}</span>
      {seconds !== null && seconds > 0 && <span>{t('reconnectingIn', { seconds })}</span>}
      <Button size="xs" variant="white" onClick={() => call.retryNow()}>
        {t('tryNow')}
      </Button>
    </div>
  );
}
