import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CloseCode, type Peer, type ServerFrame, type ServerMessage } from './protocol.ts';
import { step } from './reduce.ts';
import { type CallEvent, type CallState, newCall } from './state.ts';
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
        for (const id of ['doctor', 'patient']) world.take(id, { type: 'network', online: true });
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

const env = { now: 0, random: 0.5 };

function following(...events: CallEvent[]) {
  const start = newCall({ microphone: true, camera: true });
  return events.reduce((turn, event) => step(turn.state, event, env), {
    state: start,
    commands: [] as ReturnType<typeof step>['commands'],
  });
}

const grant = { ticket: 't', signaling_url: 'ws://x', ice_servers: [], attempt_id: 'a' };
const JOINED: CallEvent[] = [
  { type: 'join', instance: 'i' },
  { type: 'granted', grant },
  { type: 'socket_open', socket: 1 },
  {
    type: 'frame',
    socket: 1,
    frame: {
      seq: 0,
      ack: 0,
      message: {
        type: 'welcome',
        version: 1,
        participant_id: 'me',
        resume_token: 'token',
        resumed: false,
        heartbeat_seconds: 5,
        grace_seconds: 45,
        peers: [],
      },
    },
  },
];

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

const PEER: Peer = {
  participant_id: 'other',
  role: 'patient',
  display: 'P',
  instance: 'their-page',
  polite: true,
  media: { microphone: true, camera: true },
};

type Outage = { closed: number } | 'no_ticket' | 'back';

/** A call in which media flow, and a network that does what a test says. Each step is checked. */
class Talking {
  state = this.begin();

  private begin() {
    const joined: ServerFrame = { seq: 1, ack: 0, message: { type: 'peer_joined', peer: PEER } };
    return following(
      ...JOINED,
      { type: 'frame', socket: 1, frame: joined },
      { type: 'link_state', peer: 'other', connection: 1, state: 'connected' },
    ).state;
  }

  suffer(outage: Outage): void {
    if (this.state.phase === 'in_call') {
      if (outage === 'back') return;
      this.close(outage === 'no_ticket' ? 1006 : outage.closed);
      return;
    }
    const tried = this.take({ type: 'timer', name: 'retry' });
    if (tried.some((command) => command.do === 'get_ticket')) {
      if (outage === 'no_ticket') {
        this.take({ type: 'join_failed', code: 'unavailable', mayRetry: true });
        return;
      }
      this.take({ type: 'granted', grant });
    }
    const { socket, dialogue } = this.state;
    this.take({ type: 'socket_open', socket });
    if (outage === 'back') this.welcome(dialogue.token !== null);
    else this.close(outage === 'no_ticket' ? 1006 : outage.closed);
  }

  private close(code: number): void {
    this.take({ type: 'socket_closed', socket: this.state.socket, code });
  }

  private welcome(resumed: boolean): void {
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
    const { socket } = this.state;
    this.take({ type: 'frame', socket, frame: { seq: 0, ack: 0, message } });
  }

  private take(event: CallEvent) {
    const { state, commands } = step(this.state, event, env);
    this.state = state;
    expect(state.phase).not.toBe('over');
    expect(state.peers.other?.link).toMatchObject({ connection: 1, phase: 'connected' });
    const touching = ['link', 'unlink', 'restart', 'describe'];
    expect(commands.filter((command) => touching.includes(command.do))).toEqual([]);
    return commands;
  }
}

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

  it('of any kind, length and order leaves the media alone, and ends', () => {
    const codes = [
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
    const outage = fc.oneof(
      fc.constantFrom(...codes).map((closed): Outage => ({ closed })),
      fc.constant<Outage>('no_ticket'),
      fc.constant<Outage>('back'),
    );
    const lasting = fc.tuple(outage, fc.integer({ min: 1, max: 20 }));
    fc.assert(
      fc.property(fc.array(lasting, { maxLength: 20 }), (outages) => {
        const call = new Talking();
        for (const [each, times] of outages) {
          for (let at = 0; at < times; at += 1) call.suffer(each);
        }
        call.suffer('back');
        expect(call.state.phase).toBe('in_call');
      }),
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
