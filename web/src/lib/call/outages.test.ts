import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloseCode, type PeerLeft, type ServerFrame } from './protocol.ts';
import { step } from './reduce.ts';
import type { CallEvent } from './state.ts';
import { env, type Outage, PEER, Talking, type Told } from './testing/talking.ts';
import { World } from './testing/world.ts';

const LOST_SOCKETS = [
  1001,
  1006,
  1012,
  CloseCode.RESUME_REFUSED,
  CloseCode.TICKET_REFUSED,
  CloseCode.ROOM_FULL,
  CloseCode.SILENT,
  CloseCode.TOO_MANY_MESSAGES,
  CloseCode.TOO_SLOW,
  CloseCode.UNAVAILABLE,
];

describe('an outage of signaling', () => {
  const refusedResume = { closed: CloseCode.RESUME_REFUSED };

  it('of four lost sockets and a refused resume asks for a new ticket', () => {
    const call = new Talking();
    for (let times = 0; times < 5; times += 1) call.suffer({ closed: 1006 });
    call.suffer(refusedResume);
    expect(call.state).toMatchObject({ phase: 'reconnecting', dialogue: { token: null } });
    call.suffer('back');
    expect(call.state.phase).toBe('in_call');
  });

  it('of hours, in which every resume and every ticket is refused, is waited out', () => {
    const call = new Talking();
    for (let tries = 0; tries < 3000; tries += 1) {
      call.suffer(tries % 2 ? refusedResume : { closed: CloseCode.TICKET_REFUSED });
    }
    const { retryAt } = call.state;
    expect(retryAt).toBeLessThanOrEqual(env.now + 5000);
    call.suffer('back');
    expect(call.state.phase).toBe('in_call');
  });

  it('of any kind, length and order, on either side, leaves the media alone, and ends', () => {
    const outage = fc.oneof(
      fc.constantFrom(...LOST_SOCKETS).map((closed): Outage => ({ closed })),
      fc.constantFrom<Told>('away', 'back', 'timeout', 'joined').map((told): Outage => ({ told })),
      fc.constantFrom<Outage>('no_ticket', 'back', 'back_alone', 'time'),
    );
    const lasting = fc.tuple(outage, fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(lasting, { maxLength: 20 }), (outages) => {
        const call = new Talking();
        for (const [each, times] of outages) {
          for (let at = 0; at < times; at += 1) call.suffer(each);
        }
        call.suffer('back');
        call.tell('joined');
        expect(call.state.phase).toBe('in_call');
        expect(call.state.peers.other?.away).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    CloseCode.TAKEN_OVER,
    CloseCode.VISIT_OVER,
    CloseCode.REMOVED,
    CloseCode.VERSION_UNSUPPORTED,
  ])('is told apart from the word of the platform, %i, which ends the call', (code) => {
    const { state } = new Talking();
    const { socket } = state;
    const over = step(state, { type: 'socket_closed', socket, code }, env);
    expect(over.state.phase).toBe('over');
    expect(over.commands).toContainEqual({ do: 'unlink', peer: 'other' });
  });
});

describe('somebody whose seat was given up while they are seen and heard', () => {
  const left = (cause: PeerLeft['cause'], seq = 2): CallEvent => {
    const message = { type: 'peer_left', participant_id: 'other', cause } as const;
    return { type: 'frame', socket: 1, frame: { seq, ack: 0, message } satisfies ServerFrame };
  };
  const link = (state: RTCPeerConnectionState): CallEvent => ({
    type: 'link_state',
    peer: 'other',
    connection: 1,
    state,
  });

  const unseatedThen = (...events: CallEvent[]) => {
    let turn = step(new Talking().state, left('timeout'), env);
    for (const event of events) turn = step(turn.state, event, env);
    return turn;
  };

  it('is here, without a last moment for coming back', () => {
    const { state, commands } = unseatedThen();
    expect(state.departed).toBeNull();
    expect(state.peers.other?.away).toMatchObject({ until: null });
    expect(commands).not.toContainEqual({ do: 'unlink', peer: 'other' });
  });

  it('has left when their own connection fails', () => {
    const { state, commands } = unseatedThen(link('disconnected'), link('failed'));
    expect(state.peers.other).toBeUndefined();
    expect(state.departed).toEqual({ peer: PEER, cause: 'timeout' });
    expect(commands).toContainEqual({ do: 'unlink', peer: 'other' });
  });

  it('stays through a connection that is lost for a moment only', () => {
    const lost = unseatedThen(link('disconnected'));
    expect(lost.state.peers.other?.link.phase).toBe('lost');
    const { state } = unseatedThen(link('disconnected'), link('connected'));
    expect(state.peers.other?.link).toMatchObject({ connection: 1, phase: 'connected' });
  });

  it('has left when a lost connection does not come back in a while', () => {
    const lost = unseatedThen(link('disconnected'));
    expect(lost.commands).toContainEqual(
      expect.objectContaining({ do: 'timer', name: 'grace:other' }),
    );
    const { state } = step(lost.state, { type: 'timer', name: 'grace:other' }, env);
    expect(state.peers.other).toBeUndefined();
  });

  it.each(['hang_up', 'removed'] as const)(
    'has left at once by their own or the platform’s word, %s',
    (cause) => {
      const { state, commands } = step(new Talking().state, left(cause), env);
      expect(state.departed).toMatchObject({ cause });
      expect(commands).toContainEqual({ do: 'unlink', peer: 'other' });
    },
  );

  it('is met again by another page of theirs, with a new connection', () => {
    const message = { type: 'peer_joined', peer: { ...PEER, instance: 'new-page' } } as const;
    const joined: CallEvent = { type: 'frame', socket: 1, frame: { seq: 3, ack: 0, message } };
    const { state, commands } = unseatedThen(joined);
    expect(state.peers.other).toMatchObject({ away: null, link: { phase: 'connecting' } });
    expect(commands).toContainEqual(expect.objectContaining({ do: 'link', connection: 1 }));
  });
});

describe('two pages of which one loses signaling for longer than its seat is kept', () => {
  it('go on seeing each other by the same connection, and are both seated again', () => {
    const world = new World();
    world.settle();
    world.block('patient', true);
    world.cut('patient');
    world.settle();
    world.endGrace();
    world.settle();
    expect(world.page('doctor').state.peers.patient?.link).toMatchObject({
      connection: 1,
      phase: 'connected',
    });
    world.block('patient', false);
    world.settle();
    for (const [id, other] of [
      ['doctor', 'patient'],
      ['patient', 'doctor'],
    ] as const) {
      const { phase, peers } = world.page(id).state;
      expect(phase).toBe('in_call');
      expect(peers[other]).toMatchObject({
        away: null,
        link: { connection: 1, phase: 'connected' },
      });
    }
  });
});
