import type { IceCandidate, Peer, PeerLeft } from './protocol.ts';
import type { LinkPhase } from './state.ts';
import type { Turn } from './turn.ts';

/*
 * The direct connections to the others. A link that is lost is first given a moment, then an ICE
 * restart, then a new peer connection, again and again with growing pauses, for as long as the other
 * is in the call. One that falls silent, or whose network has changed, gets its ICE restart before the
 * browser calls it lost. One side makes the first offer (the impolite one); either may start anew.
 *
 * Only somebody's own word, or the platform's, ends a link over which media flow. When the server gives
 * their seat up because it does not hear them any more, they are still here (`away.until` is null) until
 * the link itself fails.
 */

/** A browser says 'disconnected' after some five seconds without an answer: little is left to wait for. */
const BEFORE_RESTART_MS = 300;
const CONNECT_MS = 12_000;
const RESTART_MS = 8000;
const LONGEST_MS = 30_000;
/** So often a link by way of a relay looks whether there is a direct path by now. */
const RELAYED_MS = 60_000;
/** The link of somebody without a seat may be lost for so long before they count as gone. */
const UNSEATED_MS = 10_000;

const restartTimer = (id: string) => `restart:${id}`;
const rebuildTimer = (id: string) => `rebuild:${id}`;
const graceTimer = (id: string) => `grace:${id}`;
const directTimer = (id: string) => `direct:${id}`;

export function peerTimer(turn: Turn, name: string): void {
  const [what, id = ''] = name.split(/:(.*)/s);
  if (what === 'restart') renew(turn, id);
  if (what === 'rebuild') rebuild(turn, id);
  if (what === 'grace') graceOver(turn, id);
  if (what === 'direct') leaveRelay(turn, id);
}

/** Somebody is here, or here again: the same page keeps its link, another page gets a new one. */
export function meet(turn: Turn, peer: Peer): void {
  const id = peer.participant_id;
  const known = turn.peer(id);
  const away = awayFrom(turn, peer.away_seconds ?? null, known?.away?.since);
  if (known?.peer.instance === peer.instance) {
    turn.setPeer(id, { peer, away });
    if (away === null) comeBack(turn, id);
    return;
  }
  const link = { connection: 0, phase: 'connecting' as const, tries: 0 };
  turn.set({ peers: { ...turn.state.peers, [id]: { peer, away, link } }, departed: null });
  connect(turn, id, 1, !peer.polite);
  watchGrace(turn, id);
}

/** The whole list, after a fresh welcome: whoever is missing may only have lost the same server. */
export function meetAgain(turn: Turn, peers: readonly Peer[]): void {
  const here = new Set(peers.map((peer) => peer.participant_id));
  for (const id of Object.keys(turn.state.peers)) {
    if (!here.has(id)) leave(turn, id, 'timeout');
  }
  for (const peer of peers) {
    const known = turn.peer(peer.participant_id);
    meet(turn, peer);
    if (!known || known.peer.instance !== peer.instance) continue;
    // What was being negotiated is void: said again from the start unless media flow anyway.
    if (known.link.phase === 'connected') turn.say({ type: 'connected', to: peer.participant_id });
    else rebuild(turn, peer.participant_id);
  }
}

export function goAway(turn: Turn, id: string, seconds: number): void {
  turn.setPeer(id, { away: awayFrom(turn, seconds, turn.peer(id)?.away?.since) });
  watchGrace(turn, id);
}

export function comeBack(turn: Turn, id: string): void {
  if (!turn.peer(id)) return;
  turn.setPeer(id, { away: null });
  turn.do({ do: 'cancel', name: graceTimer(id) });
  const link = turn.peer(id)?.link;
  if (link?.phase === 'lost' || link?.due) renew(turn, id);
}

export function leave(turn: Turn, id: string, cause: PeerLeft['cause']): void {
  const known = turn.peer(id);
  if (!known || cause !== 'timeout' || known.link.phase === 'connecting') {
    part(turn, id, cause);
    return;
  }
  turn.setPeer(id, { away: { since: known.away?.since ?? turn.env.now, until: null } });
  turn.do({ do: 'timer', name: graceTimer(id), ms: UNSEATED_MS });
}

function part(turn: Turn, id: string, cause: PeerLeft['cause']): void {
  const known = turn.peer(id);
  if (!known) return;
  const { [id]: _gone, ...peers } = turn.state.peers;
  turn.set({ peers });
  if (Object.keys(peers).length === 0) turn.set({ departed: { peer: known.peer, cause } });
  turn.do({ do: 'unlink', peer: id }, ...timersOf(id).map(cancel));
}

export function unlinkAll(turn: Turn): void {
  for (const id of Object.keys(turn.state.peers)) {
    turn.do({ do: 'unlink', peer: id }, ...timersOf(id).map(cancel));
  }
  turn.set({ peers: {} });
}

export function linkState(
  turn: Turn,
  id: string,
  connection: number,
  state: RTCPeerConnectionState,
): void {
  const known = turn.peer(id);
  if (!known || known.link.connection !== connection) return;
  const unseated = known.away?.until === null;
  if (state === 'connected') {
    turn.setPeer(id, { link: { ...known.link, phase: 'connected', tries: 0 } });
    turn.do(cancel(restartTimer(id)), cancel(rebuildTimer(id)));
    if (known.link.phase !== 'connected') turn.say({ type: 'connected', to: id });
  } else if (state === 'disconnected') {
    setPhase(turn, id, 'lost');
    turn.do({ do: 'timer', name: restartTimer(id), ms: BEFORE_RESTART_MS });
    if (unseated) turn.do({ do: 'timer', name: graceTimer(id), ms: UNSEATED_MS });
  } else if (state === 'failed' && unseated) {
    part(turn, id, 'timeout');
  } else if (state === 'failed') {
    const fresh = known.link.phase === 'connecting';
    setPhase(turn, id, fresh ? 'connecting' : 'lost');
    if (fresh) rebuild(turn, id);
    else renew(turn, id);
  }
}

export function describe(
  turn: Turn,
  id: string,
  connection: number,
  description: { type: 'offer' | 'answer'; sdp: string },
): void {
  const known = turn.peer(id);
  if (!known || connection < known.link.connection) return;
  if (connection > known.link.connection) {
    // They started anew; an answer to what we never offered cannot be used.
    if (description.type === 'answer') return;
    connect(turn, id, connection, false);
  }
  turn.do({ do: 'describe', peer: id, connection, description });
}

export function candidate(turn: Turn, id: string, connection: number, found: IceCandidate): void {
  if (turn.peer(id)?.link.connection === connection) {
    turn.do({ do: 'candidate', peer: id, connection, candidate: found });
  }
}

/** An offer, an answer or a candidate of our own goes to the very page that it is meant for. */
export function tell(
  turn: Turn,
  id: string,
  connection: number,
  message:
    | { type: 'description'; kind: 'offer' | 'answer'; sdp: string }
    | { type: 'candidate'; candidate: IceCandidate },
): void {
  const known = turn.peer(id);
  if (known?.link.connection !== connection) return;
  turn.say({ ...message, to: id, instance: known.peer.instance, connection });
}

function connect(turn: Turn, id: string, connection: number, offers: boolean): void {
  const known = turn.peer(id);
  if (!known) return;
  const phase = known.link.connection === 0 ? 'connecting' : known.link.phase;
  turn.setPeer(id, { link: { ...known.link, connection, phase, due: false } });
  const { polite } = known.peer;
  turn.do(
    { do: 'unlink', peer: id },
    { do: 'link', peer: id, connection, offers, polite },
    cancel(restartTimer(id)),
    { do: 'timer', name: rebuildTimer(id), ms: patience(known.link.tries, polite) },
  );
}

/**
 * Find a new path, now or as soon as they can be told. The one in use carries on meanwhile, so that this
 * costs nothing where it was not needed.
 */
export function renew(turn: Turn, id: string): void {
  const known = turn.peer(id);
  if (!known || known.link.phase === 'connecting') return;
  const due = !reachable(turn, id);
  turn.setPeer(id, { link: { ...known.link, due } });
  if (due) return;
  turn.do({ do: 'restart', peer: id }, cancel(restartTimer(id)));
  if (known.link.phase === 'lost') turn.do({ do: 'timer', name: rebuildTimer(id), ms: RESTART_MS });
}

/** Everybody may be reached by another way now. */
export function renewAll(turn: Turn): void {
  for (const id of Object.keys(turn.state.peers)) renew(turn, id);
}

/** What is lost is not left to its pauses. */
export function mendAll(turn: Turn): void {
  for (const [id, { link }] of Object.entries(turn.state.peers)) {
    if (link.phase === 'lost') renew(turn, id);
  }
}

/** A relay is left again when it can be. One side looks, always the same. */
export function path(turn: Turn, id: string, relayed: boolean): void {
  const looks = relayed && turn.peer(id)?.peer.polite === false;
  const name = directTimer(id);
  turn.do(looks ? { do: 'timer', name, ms: RELAYED_MS } : cancel(name));
}

function leaveRelay(turn: Turn, id: string): void {
  renew(turn, id);
  path(turn, id, true);
}

function rebuild(turn: Turn, id: string): void {
  const known = turn.peer(id);
  if (!known || known.link.phase === 'connected') return;
  if (!reachable(turn, id)) {
    // Nobody to talk to now: we look again.
    turn.do({ do: 'timer', name: rebuildTimer(id), ms: RESTART_MS });
    return;
  }
  const phase: LinkPhase = known.link.phase === 'connecting' ? 'connecting' : 'lost';
  turn.setPeer(id, { link: { ...known.link, phase, tries: known.link.tries + 1 } });
  connect(turn, id, known.link.connection + 1, true);
}

function reachable(turn: Turn, id: string): boolean {
  return turn.state.phase === 'in_call' && turn.peer(id)?.away === null;
}

/** The polite side waits longer before it starts anew, so that both seldom do so at once. */
function patience(tries: number, polite: boolean): number {
  return Math.min(LONGEST_MS, CONNECT_MS + tries * 3000) + (polite ? 2500 : 0);
}

function setPhase(turn: Turn, id: string, phase: LinkPhase): void {
  const known = turn.peer(id);
  if (known) turn.setPeer(id, { link: { ...known.link, phase } });
}

function awayFrom(turn: Turn, seconds: number | null, since: number | undefined) {
  if (seconds === null) return null;
  return { since: since ?? turn.env.now, until: turn.env.now + seconds * 1000 };
}

function watchGrace(turn: Turn, id: string): void {
  const until = turn.peer(id)?.away?.until;
  // The server tells when the time is up. Should it have forgotten them, we notice ourselves.
  if (until) turn.do({ do: 'timer', name: graceTimer(id), ms: until - turn.env.now + 5000 });
}

function graceOver(turn: Turn, id: string): void {
  const known = turn.peer(id);
  if (!known?.away) return;
  if (turn.state.phase !== 'in_call') {
    // They may be back already, and we cannot be told.
    turn.do({ do: 'timer', name: graceTimer(id), ms: UNSEATED_MS });
  } else if (known.away.until !== null) leave(turn, id, 'timeout');
  else if (known.link.phase !== 'connected') part(turn, id, 'timeout');
}

const timersOf = (id: string) =>
  [restartTimer, rebuildTimer, graceTimer, directTimer].map((name) => name(id));
const cancel = (name: string) => ({ do: 'cancel' as const, name });
