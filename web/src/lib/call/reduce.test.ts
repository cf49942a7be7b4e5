import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloseCode } from './protocol.ts';
import { step } from './reduce.ts';
import type { CallEvent, CallState } from './state.ts';
import { env, following, grant, JOINED } from './testing/talking.ts';
import { World } from './testing/world.ts';

const who = fc.constantFrom('doctor', 'patient');
const times = fc.integer({ min: 1, max: 12 });

type Act = (world: World) => void;
const act = fc.oneof(
  fc.tuple(who, times).map(
    ([id, count]): Act =>
      (world) => {
        for (let at = 0; at < count; at += 1) world.deliver(id);
      },
  ),
  times.map(
    (count): Act =>
      (world) => {
        for (let at = 0; at < count; at += 1) world.carry();
      },
  ),
  who.map(
    (id): Act =>
      (world) =>
        world.cut(id),
  ),
  who.map(
    (id): Act =>
      (world) =>
        world.reload(id),
  ),
  fc.tuple(who, fc.constantFrom('disconnected' as const, 'failed' as const)).map(
    ([id, state]): Act =>
      (world) =>
        world.breakLink(id, state),
  ),
  fc.tuple(who, fc.boolean(), fc.boolean()).map(
    ([id, microphone, camera]): Act =>
      (world) =>
        world.take(id, { type: 'set_media', media: { microphone, camera } }),
  ),
  fc.integer({ min: 100, max: 20_000 }).map(
    (ms): Act =>
      (world) =>
        world.pass(ms),
  ),
  fc.constant<Act>((world) => world.endGrace()),
  fc.tuple(who, fc.boolean()).map(
    ([id, blocked]): Act =>
      (world) =>
        world.block(id, blocked),
  ),
  who.map(
    (id): Act =>
      (world) =>
        world.take(id, { type: 'wake' }),
  ),
  who.map(
    (id): Act =>
      (world) =>
        world.take(id, { type: 'silent', peer: id === 'doctor' ? 'patient' : 'doctor' }),
  ),
  fc.tuple(who, fc.boolean()).map(
    ([id, online]): Act =>
      (world) =>
        world.take(id, { type: 'network', online }),
  ),
);

describe('a call between two pages', () => {
  it('is whole again after any order of losses, reloads and collisions', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const world = new World();
        for (const each of acts) each(world);
        for (const id of ['doctor', 'patient']) {
          world.block(id, false);
          world.take(id, { type: 'network', online: true });
        }
        world.settle();
        const { doctor, patient } = world.pages;
        const seenByDoctor = doctor?.state.peers.patient;
        const seenByPatient = patient?.state.peers.doctor;
        expect([doctor?.state.phase, patient?.state.phase]).toEqual(['in_call', 'in_call']);
        expect(seenByDoctor?.peer.instance).toBe(patient?.state.instance);
        expect(seenByPatient?.peer.instance).toBe(doctor?.state.instance);
        expect(seenByDoctor?.peer.media).toEqual(patient?.state.media);
        expect(seenByPatient?.peer.media).toEqual(doctor?.state.media);
        expect([seenByDoctor?.away, seenByPatient?.away]).toEqual([null, null]);
        expect([seenByDoctor?.link.phase, seenByPatient?.link.phase]).toEqual([
          'connected',
          'connected',
        ]);
        expect(seenByDoctor?.link.connection).toBe(seenByPatient?.link.connection);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('is told apart from a call that was left', () => {
    const world = new World();
    world.settle();
    world.take('patient', { type: 'hang_up' });
    world.settle();
    expect(world.page('patient').state).toMatchObject({ phase: 'over', ending: 'hung_up' });
    expect(world.page('doctor').state.departed).toMatchObject({ cause: 'hang_up' });
    world.take('patient', { type: 'join', instance: 'again' });
    world.settle();
    expect(world.page('doctor').state.departed).toBeNull();
    expect(world.page('doctor').state.peers.patient?.link.phase).toBe('connected');
  });

  it('shows the other as away at once, with the time that is left', () => {
    const world = new World();
    world.settle();
    world.cut('doctor');
    world.deliver('patient');
    const { away } = world.page('patient').state.peers.doctor ?? {};
    expect(away).toEqual({ since: world.now, until: world.now + 45_000 });
  });
});

describe('a closed socket', () => {
  it.each([
    [CloseCode.TAKEN_OVER, 'taken_over'],
    [CloseCode.VISIT_OVER, 'visit_over'],
    [CloseCode.REMOVED, 'removed'],
    [CloseCode.ROOM_FULL, 'room_full'],
    [CloseCode.VERSION_UNSUPPORTED, 'outdated'],
  ])('with %i ends the call as %s', (code, ending) => {
    const { state } = following(...JOINED, { type: 'socket_closed', socket: 1, code });
    expect(state).toMatchObject({ phase: 'over', ending });
  });

  it.each([1006, 1001, 1012, CloseCode.SILENT, CloseCode.TOO_SLOW, CloseCode.UNAVAILABLE])(
    'with %i is opened again with the resume token',
    (code) => {
      const lost = following(...JOINED, { type: 'socket_closed', socket: 1, code });
      expect(lost.state).toMatchObject({ phase: 'reconnecting', dialogue: { token: 'token' } });
      const { commands } = step(lost.state, { type: 'timer', name: 'retry' }, env);
      expect(commands).toContainEqual({ do: 'open', socket: 3, url: 'ws://x' });
    },
  );

  it('whose seat is gone asks for a new ticket, and forgets what it heard there', () => {
    const told = {
      seq: 1,
      ack: 0,
      message: { type: 'peer_left', participant_id: 'p', cause: 'timeout' },
    };
    const lost = following(...JOINED, { type: 'frame', socket: 1, frame: told } as CallEvent, {
      type: 'socket_closed',
      socket: 1,
      code: CloseCode.RESUME_REFUSED,
    });
    expect(lost.state.dialogue).toMatchObject({ token: null, taken: 0 });
    const { commands } = step(lost.state, { type: 'timer', name: 'retry' }, env);
    expect(commands).toContainEqual({ do: 'get_ticket' });
  });

  it('comes back after the pause that a draining server asked for', () => {
    const drained = following(
      ...JOINED,
      {
        type: 'frame',
        socket: 1,
        frame: { seq: 0, ack: 0, message: { type: 'draining', reconnect_in_ms: 2345 } },
      },
      { type: 'socket_closed', socket: 1, code: 1012 },
    );
    expect(drained.commands).toContainEqual({ do: 'timer', name: 'retry', ms: 2345 });
  });

  it('that was replaced says nothing any more', () => {
    const { state } = following(...JOINED, { type: 'socket_closed', socket: 0, code: 4409 });
    expect(state.phase).toBe('in_call');
  });
});

describe('joining', () => {
  it('ends with the reason when the API refuses', () => {
    const { state } = following(
      { type: 'join', instance: 'i' },
      { type: 'join_failed', code: 'visit_not_admitted', mayRetry: false },
    );
    expect(state).toMatchObject({
      phase: 'over',
      ending: 'refused',
      problem: 'visit_not_admitted',
    });
  });

  it('goes on trying, more and more slowly, when nobody answers', () => {
    let { state } = following({ type: 'join', instance: 'i' });
    const pauses: number[] = [];
    for (let tries = 0; tries < 8; tries += 1) {
      const failed = step(state, { type: 'join_failed', code: 'x', mayRetry: true }, env);
      for (const command of failed.commands) {
        if (command.do === 'timer' && command.name === 'retry') pauses.push(command.ms);
      }
      ({ state } = step(failed.state, { type: 'timer', name: 'retry' }, env));
    }
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBeLessThanOrEqual(5000);
    expect(state.phase).toBe('joining');
  });
});

describe('a fresh ticket that is refused', () => {
  const attempt = (state: CallState, code: number) => {
    let next = step(state, { type: 'granted', grant }, env).state;
    next = step(next, { type: 'socket_open', socket: next.socket }, env).state;
    next = step(next, { type: 'socket_closed', socket: next.socket, code }, env).state;
    return step(next, { type: 'timer', name: 'retry' }, env).state;
  };

  it('again and again before anybody is met ends the call', () => {
    let { state } = following({ type: 'join', instance: 'i' });
    for (let times = 0; times < 4; times += 1) {
      expect(state.phase).toBe('joining');
      state = attempt(state, CloseCode.TICKET_REFUSED);
    }
    expect(state).toMatchObject({ phase: 'over', ending: 'refused', problem: 'ticket_refused' });
  });

  it('once after many lost sockets is asked for again', () => {
    let { state } = following({ type: 'join', instance: 'i' });
    for (let times = 0; times < 10; times += 1) state = attempt(state, 1006);
    state = attempt(state, CloseCode.TICKET_REFUSED);
    expect(state.phase).toBe('joining');
  });
});
