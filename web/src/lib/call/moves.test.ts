import { describe, expect, it } from 'vitest';
import type { ServerFrame, ServerMessage } from './protocol.ts';
import { step } from './reduce.ts';
import type { CallEvent, CallState, Command } from './state.ts';
import { env, PEER, Talking } from './testing/talking.ts';

const RESTART: Command = { do: 'restart', peer: 'other' };
const linkState = (state: RTCPeerConnectionState): CallEvent => ({
  type: 'link_state',
  peer: 'other',
  connection: 1,
  state,
});

function then(state: CallState, ...events: CallEvent[]) {
  let turn = { state, commands: [] as readonly Command[] };
  const commands: Command[] = [];
  for (const event of events) {
    turn = step(turn.state, event, env);
    commands.push(...turn.commands);
  }
  return { state: turn.state, commands };
}

/** The server's answer to whatever socket is open now. */
function answered(state: CallState, resumed: boolean): CallEvent[] {
  const message: ServerMessage = {
    type: 'welcome',
    version: 1,
    participant_id: 'me',
    resume_token: 'token',
    resumed,
    heartbeat_seconds: 5,
    grace_seconds: 45,
    peers: [PEER],
  };
  const { socket } = state;
  const frame: ServerFrame = { seq: 0, ack: 0, message };
  return [
    { type: 'socket_open', socket },
    { type: 'frame', socket, frame },
  ];
}

describe('a page whose network is another one', () => {
  it('opens a socket at once, and looks for a path as soon as the other can be told', () => {
    const { state } = new Talking();
    const moved = then(state, { type: 'network', online: true });
    expect(moved.state.phase).toBe('reconnecting');
    expect(moved.commands).toContainEqual({
      do: 'open',
      socket: moved.state.socket,
      url: 'ws://x',
    });
    expect(moved.commands).not.toContainEqual(RESTART);
    const back = then(moved.state, ...answered(moved.state, true));
    expect(back.commands).toContainEqual(RESTART);
    expect(back.state.peers.other?.link).toMatchObject({ connection: 1, phase: 'connected' });
  });

  it('that goes off, off and on waits for nothing, and looks for one path', () => {
    const { state } = new Talking();
    const off: CallEvent = { type: 'network', online: false };
    const on: CallEvent = { type: 'network', online: true };
    const moved = then(state, off, on, off, off, on);
    expect(moved.state.retryAt).toBeNull();
    const back = then(moved.state, ...answered(moved.state, true));
    expect(back.commands.filter((command) => command.do === 'restart')).toEqual([RESTART]);
    expect(then(back.state, ...answered(back.state, true)).commands).not.toContainEqual(RESTART);
  });

  it('looks for a path though its seat was given up meanwhile', () => {
    const moved = then(new Talking().state, { type: 'network', online: true });
    const { socket } = moved.state;
    const refused = then(
      moved.state,
      { type: 'socket_closed', socket, code: 4404 },
      { type: 'timer', name: 'retry' },
      {
        type: 'granted',
        grant: { ticket: 't', signaling_url: 'ws://x', ice_servers: [], attempt_id: 'a' },
      },
    );
    expect(then(refused.state, ...answered(refused.state, false)).commands).toContainEqual(RESTART);
  });
});

describe('a connection in trouble', () => {
  it('that falls silent looks for a path before the browser gives it up, and asks after the socket', () => {
    const { commands } = then(new Talking().state, { type: 'silent', peer: 'other' });
    expect(commands).toContainEqual(RESTART);
    expect(commands).toContainEqual(expect.objectContaining({ do: 'send' }));
    const watch = commands.find((command) => command.do === 'timer' && command.name === 'silence');
    expect(watch).toMatchObject({ ms: expect.any(Number) });
    expect((watch as Command & { do: 'timer' }).ms).toBeLessThanOrEqual(2000);
  });

  it('that is lost is given less than a second', () => {
    const { state, commands } = then(new Talking().state, linkState('disconnected'));
    const pause = commands.find(
      (command) => command.do === 'timer' && command.name === 'restart:other',
    );
    expect((pause as Command & { do: 'timer' }).ms).toBeLessThan(1000);
    expect(then(state, { type: 'timer', name: 'restart:other' }).commands).toContainEqual(RESTART);
  });

  it('is mended at once when the page wakes', () => {
    const lost = then(new Talking().state, linkState('disconnected'));
    expect(then(lost.state, { type: 'wake' }).commands).toContainEqual(RESTART);
  });

  it('of a page that wakes is left alone where nothing is wrong', () => {
    const { commands } = then(new Talking().state, { type: 'wake' });
    expect(commands).not.toContainEqual(RESTART);
    expect(commands).toContainEqual(expect.objectContaining({ do: 'send' }));
  });
});

describe('a relay', () => {
  const path = (relayed: boolean): CallEvent => ({ type: 'path', peer: 'other', relayed });
  const look: CallEvent = { type: 'timer', name: 'direct:other' };
  const impolite = () => {
    const state = new Talking().state;
    const other = state.peers.other;
    if (!other) throw new Error('nobody is here');
    return { ...state, peers: { other: { ...other, peer: { ...PEER, polite: false } } } };
  };
  const due = expect.objectContaining({ do: 'timer', name: 'direct:other', ms: 60_000 });

  it('is left again by the side that is not polite, which looks every minute', () => {
    const relayed = then(impolite(), path(true));
    expect(relayed.commands).toContainEqual(due);
    const looked = then(relayed.state, look);
    expect(looked.commands).toContainEqual(RESTART);
    expect(looked.commands).toContainEqual(due);
  });

  it('is not looked at by the other side, nor once there is a direct path, nor after the call', () => {
    expect(then(new Talking().state, path(true)).commands).not.toContainEqual(due);
    const cancelled = { do: 'cancel', name: 'direct:other' };
    expect(then(impolite(), path(true), path(false)).commands).toContainEqual(cancelled);
    expect(then(impolite(), path(true), { type: 'hang_up' }).commands).toContainEqual(cancelled);
  });
});
