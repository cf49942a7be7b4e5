import { heartbeat, NEW_DIALOGUE, opening, receive } from './dialogue.ts';
import * as links from './links.ts';
import {
  CloseCode,
  type Media,
  type ServerFrame,
  type ServerMessage,
  type Welcome,
} from './protocol.ts';
import type { CallEvent, CallState, Command, Ending, Env } from './state.ts';
import { Turn } from './turn.ts';

/*
 * The whole behaviour of a call as one function: what was, and what happens, give what is and what
 * shall be done. It touches nothing; `engine.ts` carries the commands out.
 */

const FIRST_RETRY_MS = 300;
const LONGEST_RETRY_MS = 5000;
const WELCOME_MS = 8000;
/** Of a server that answers each heartbeat, so long may nothing be heard; and after we asked. */
const SILENCE_BEATS = 2.5;
const PROBE_MS = 1500;
/** So many fresh tickets are refused in a row before somebody who is alone here is told so. */
const MAX_REFUSALS = 4;

/** Close codes after which coming back is pointless, or unwanted. */
const ENDINGS: Readonly<Record<number, Ending>> = {
  [CloseCode.TAKEN_OVER]: 'taken_over',
  [CloseCode.VISIT_OVER]: 'visit_over',
  [CloseCode.REMOVED]: 'removed',
  [CloseCode.ROOM_FULL]: 'room_full',
  [CloseCode.VERSION_UNSUPPORTED]: 'outdated',
  [CloseCode.BAD_MESSAGE]: 'outdated',
};

export function step(
  state: CallState,
  event: CallEvent,
  env: Env,
): { state: CallState; commands: readonly Command[] } {
  const turn = new Turn(state, env);
  take(turn, event);
  return { state: turn.state, commands: turn.commands };
}

type Taking = { [T in CallEvent['type']]: (turn: Turn, event: CallEvent & { type: T }) => void };

const TAKING: Taking = {
  join: (turn, { instance }) => join(turn, instance),
  set_media: (turn, { media }) => setMedia(turn, media),
  granted: (turn, { grant }) => {
    turn.set({ ticket: grant.ticket, url: grant.signaling_url });
    open(turn);
  },
  join_failed: (turn, { code, mayRetry }) => {
    if (mayRetry) retry(turn);
    else end(turn, 'refused', code);
  },
  socket_open: (turn, { socket }) => {
    if (socket === turn.state.socket) introduce(turn);
  },
  socket_closed: (turn, { socket, code }) => {
    if (socket === turn.state.socket) closed(turn, code);
  },
  frame: (turn, { socket, frame }) => {
    if (socket === turn.state.socket) hear(turn, frame);
  },
  timer: (turn, { name }) => timer(turn, name),
  network: (turn, { online }) => {
    const { phase } = turn.state;
    // Over another network the socket is dead, and nobody says so.
    if (phase === 'in_call' || (online && phase === 'reconnecting')) lost(turn);
    if (!online) return;
    links.renewAll(turn);
    retryNow(turn);
  },
  wake: (turn) => {
    retryNow(turn);
    links.mendAll(turn);
    probe(turn);
  },
  silent: (turn, { peer }) => {
    links.renew(turn, peer);
    probe(turn);
  },
  path: (turn, { peer, relayed }) => links.path(turn, peer, relayed),
  hang_up: (turn) => {
    turn.say({ type: 'leave' });
    end(turn, 'hung_up');
  },
  link_state: (turn, { peer, connection, state }) => {
    links.linkState(turn, peer, connection, state);
    if (state === 'disconnected') probe(turn);
  },
  described: (turn, { peer, connection, kind, sdp }) =>
    links.tell(turn, peer, connection, { type: 'description', kind, sdp }),
  candidate_found: (turn, { peer, connection, candidate }) =>
    links.tell(turn, peer, connection, { type: 'candidate', candidate }),
};

function take<T extends CallEvent['type']>(turn: Turn, event: CallEvent & { type: T }): void {
  const { phase } = turn.state;
  const outside = phase === 'idle' || phase === 'over';
  // Late words of a call that is over, or of one that has not begun, mean nothing.
  if (outside && event.type !== 'join' && event.type !== 'set_media') return;
  TAKING[event.type](turn, event);
}

// --- coming and going -----------------------------------------------------------------------------

function join(turn: Turn, instance: string): void {
  if (turn.state.phase !== 'idle' && turn.state.phase !== 'over') return;
  turn.set({
    phase: 'joining',
    instance,
    ending: null,
    problem: null,
    dialogue: NEW_DIALOGUE,
    failures: 0,
    refusals: 0,
    departed: null,
  });
  turn.do({ do: 'get_ticket' });
}

function setMedia(turn: Turn, media: Media): void {
  const before = turn.state.media;
  turn.set({ media });
  if (JSON.stringify(before) !== JSON.stringify(media)) turn.say({ type: 'media', media });
}

function end(turn: Turn, ending: Ending, problem: string | null = null): void {
  links.unlinkAll(turn);
  turn.do({ do: 'close', socket: turn.state.socket }, ...SOCKET_TIMERS.map(cancel));
  turn.set({
    phase: 'over',
    ending,
    problem,
    dialogue: NEW_DIALOGUE,
    ticket: null,
    socket: turn.state.socket + 1,
    retryAt: null,
  });
}

// --- the socket -----------------------------------------------------------------------------------

const SOCKET_TIMERS = ['retry', 'welcome', 'heartbeat', 'silence'];

function open(turn: Turn): void {
  const { url } = turn.state;
  if (url === null) return;
  const socket = turn.state.socket + 1;
  turn.set({ socket, retryAt: null });
  turn.do(
    { do: 'close', socket: socket - 1 },
    { do: 'open', socket, url },
    { do: 'timer', name: 'welcome', ms: WELCOME_MS },
  );
}

function introduce(turn: Turn): void {
  const { dialogue, ticket, instance, media } = turn.state;
  const frame = opening(dialogue, { ticket: ticket ?? '', instance, media });
  turn.send(frame);
  // A ticket works once.
  turn.set({ ticket: null });
}

function hear(turn: Turn, frame: ServerFrame): void {
  const { dialogue, messages, frames } = receive(turn.state.dialogue, frame);
  turn.set({ dialogue });
  turn.do({ do: 'timer', name: 'silence', ms: turn.state.heartbeatMs * SILENCE_BEATS });
  for (const message of messages) understand(turn, message);
  for (const each of frames) turn.send(each);
}

type Understanding = {
  [T in ServerMessage['type']]: (turn: Turn, message: ServerMessage & { type: T }) => void;
};

const UNDERSTANDING: Understanding = {
  welcome: (turn, message) => welcome(turn, message),
  peer_joined: (turn, { peer }) => links.meet(turn, peer),
  peer_away: (turn, { participant_id, away_seconds }) =>
    links.goAway(turn, participant_id, away_seconds),
  peer_back: (turn, { participant_id }) => links.comeBack(turn, participant_id),
  peer_left: (turn, { participant_id, cause }) => links.leave(turn, participant_id, cause),
  peer_media: (turn, { participant_id, media }) => {
    const known = turn.peer(participant_id);
    if (known) turn.setPeer(participant_id, { peer: { ...known.peer, media } });
  },
  description: (turn, { sender, connection, kind, sdp }) =>
    links.describe(turn, sender, connection, { type: kind, sdp }),
  candidate: (turn, { sender, connection, candidate }) =>
    links.candidate(turn, sender, connection, candidate),
  draining: (turn, { reconnect_in_ms }) => turn.set({ pauseMs: reconnect_in_ms }),
  // Heartbeats did their work by being heard. What was refused cannot be said better.
  heartbeat: () => {},
  refused: () => {},
};

function understand<T extends ServerMessage['type']>(
  turn: Turn,
  message: ServerMessage & { type: T },
): void {
  UNDERSTANDING[message.type](turn, message);
}

function welcome(turn: Turn, message: Welcome): void {
  turn.set({
    phase: 'in_call',
    self: message.participant_id,
    heartbeatMs: message.heartbeat_seconds * 1000,
    failures: 0,
    refusals: 0,
    retryAt: null,
    pauseMs: null,
  });
  turn.do(cancel('welcome'), cancel('retry'), {
    do: 'timer',
    name: 'heartbeat',
    ms: turn.state.heartbeatMs,
  });
  if (message.resumed) {
    for (const peer of message.peers) links.meet(turn, peer);
  } else {
    // Muting while the join was under way came too late for it.
    turn.say({ type: 'media', media: turn.state.media });
    links.meetAgain(turn, message.peers);
  }
}

function closed(turn: Turn, code: number): void {
  const ending = ENDINGS[code];
  const unseated = code === CloseCode.RESUME_REFUSED || code === CloseCode.TICKET_REFUSED;
  // Without a resume token the next attempt asks for a new ticket.
  if (unseated) turn.set({ dialogue: NEW_DIALOGUE });
  if (code === CloseCode.TICKET_REFUSED) turn.set({ refusals: turn.state.refusals + 1 });
  if (ending && !(code === CloseCode.ROOM_FULL && hasCompany(turn))) end(turn, ending);
  else if (turn.state.refusals >= MAX_REFUSALS && !hasCompany(turn)) {
    end(turn, 'refused', 'ticket_refused');
  } else lost(turn);
}

/** Somebody else is in the call, so media may flow: trouble with signaling must not cut them off. */
function hasCompany(turn: Turn): boolean {
  return Object.keys(turn.state.peers).length > 0;
}

/** The socket is gone or as good as gone: come back, the sooner the less often it failed. */
function lost(turn: Turn): void {
  turn.do({ do: 'close', socket: turn.state.socket }, ...SOCKET_TIMERS.map(cancel));
  turn.set({ socket: turn.state.socket + 1 });
  retry(turn);
}

function retry(turn: Turn): void {
  const { failures, pauseMs, phase } = turn.state;
  const longest = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures);
  const ms = Math.round(pauseMs ?? longest * (0.5 + turn.env.random / 2));
  turn.set({
    phase: phase === 'joining' ? 'joining' : 'reconnecting',
    failures: failures + 1,
    pauseMs: null,
    retryAt: turn.env.now + ms,
  });
  turn.do({ do: 'timer', name: 'retry', ms });
}

function retryNow(turn: Turn): void {
  if (turn.state.retryAt === null) return;
  turn.set({ retryAt: null });
  turn.do(cancel('retry'));
  if (turn.state.dialogue.token === null) turn.do({ do: 'get_ticket' });
  else open(turn);
}

function timer(turn: Turn, name: string): void {
  if (name === 'retry') retryNow(turn);
  else if (name === 'welcome' || name === 'silence') lost(turn);
  else if (name === 'heartbeat') beat(turn);
  else links.peerTimer(turn, name);
}

function beat(turn: Turn): void {
  turn.send(heartbeat(turn.state.dialogue));
  turn.do({ do: 'timer', name: 'heartbeat', ms: turn.state.heartbeatMs });
}

/** The direct connection is in trouble: the socket may be dead as well. Ask, and wait less long. */
function probe(turn: Turn): void {
  if (turn.state.phase !== 'in_call') return;
  turn.send(heartbeat(turn.state.dialogue));
  turn.do({ do: 'timer', name: 'silence', ms: PROBE_MS });
}

const cancel = (name: string): Command => ({ do: 'cancel', name });
