import { expect } from 'vitest';
import type { Peer, ServerMessage } from '../protocol.ts';
import { step } from '../reduce.ts';
import { type CallEvent, type Command, newCall } from '../state.ts';

export const env = { now: 0, random: 0.5 };

export function following(...events: CallEvent[]) {
  const start = newCall({ microphone: true, camera: true });
  return events.reduce((turn, event) => step(turn.state, event, env), {
    state: start,
    commands: [] as ReturnType<typeof step>['commands'],
  });
}

export const grant = { ticket: 't', signaling_url: 'ws://x', ice_servers: [], attempt_id: 'a' };

export const PEER: Peer = {
  participant_id: 'other',
  role: 'patient',
  display: 'P',
  instance: 'their-page',
  polite: true,
  media: { microphone: true, camera: true },
};

function welcome(resumed: boolean, peers: Peer[]): ServerMessage {
  return {
    type: 'welcome',
    version: 1,
    participant_id: 'me',
    resume_token: 'token',
    resumed,
    heartbeat_seconds: 5,
    grace_seconds: 45,
    peers,
  };
}

export const JOINED: CallEvent[] = [
  { type: 'join', instance: 'i' },
  { type: 'granted', grant },
  { type: 'socket_open', socket: 1 },
  { type: 'frame', socket: 1, frame: { seq: 0, ack: 0, message: welcome(false, []) } },
];

/** What becomes of a seat as the server tells the others of it; all but the last words of a call. */
export type Told = 'away' | 'back' | 'timeout' | 'joined';
export type Outage =
  | { closed: number }
  | { told: Told }
  | 'no_ticket'
  | 'back'
  | 'back_alone'
  | 'time';

/**
 * A call in which media flow, and a network that does what a test says. After each step the direct
 * connection is the same one, and nobody has touched it.
 */
export class Talking {
  state = this.begin();
  private readonly timers = new Set<string>();

  private begin() {
    return following(
      ...JOINED,
      { type: 'frame', socket: 1, frame: { seq: 1, ack: 0, message: told('joined') } },
      { type: 'link_state', peer: 'other', connection: 1, state: 'connected' },
    ).state;
  }

  suffer(outage: Outage): void {
    if (outage === 'time') this.pass();
    else if (this.state.phase === 'in_call') this.sufferHere(outage);
    else this.comeBack(outage);
  }

  tell(what: Told): void {
    this.hear(told(what), this.state.dialogue.taken + 1);
  }

  private sufferHere(outage: Exclude<Outage, 'time'>): void {
    if (outage === 'back' || outage === 'back_alone') return;
    if (outage === 'no_ticket') this.close(1006);
    else if ('told' in outage) this.tell(outage.told);
    else this.close(outage.closed);
  }

  private comeBack(outage: Exclude<Outage, 'time'>): void {
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
    const resumed = dialogue.token !== null;
    if (outage === 'back') this.hear(welcome(resumed, [PEER]));
    else if (outage === 'back_alone') this.hear(welcome(resumed, []));
    else this.close(typeof outage === 'object' && 'closed' in outage ? outage.closed : 1006);
  }

  /** So much time that everything that was to be looked at later is looked at now. */
  private pass(): void {
    const due = [...this.timers].filter((name) => name.endsWith(':other'));
    for (const name of due) {
      this.timers.delete(name);
      this.take({ type: 'timer', name });
    }
  }

  private close(code: number): void {
    this.take({ type: 'socket_closed', socket: this.state.socket, code });
  }

  private hear(message: ServerMessage, seq = 0): void {
    const { socket } = this.state;
    this.take({ type: 'frame', socket, frame: { seq, ack: 0, message } });
  }

  private take(event: CallEvent): readonly Command[] {
    const { state, commands } = step(this.state, event, env);
    this.state = state;
    for (const command of commands) {
      if (command.do === 'timer') this.timers.add(command.name);
      if (command.do === 'cancel') this.timers.delete(command.name);
    }
    expect(state.phase).not.toBe('over');
    expect(state.peers.other?.link).toMatchObject({ connection: 1, phase: 'connected' });
    const touching = ['link', 'unlink', 'restart', 'describe'];
    expect(commands.filter((command) => touching.includes(command.do))).toEqual([]);
    return commands;
  }
}

function told(what: Told): ServerMessage {
  const { participant_id } = PEER;
  if (what === 'away') return { type: 'peer_away', participant_id, away_seconds: 45 };
  if (what === 'back') return { type: 'peer_back', participant_id };
  if (what === 'timeout') return { type: 'peer_left', participant_id, cause: 'timeout' };
  return { type: 'peer_joined', peer: PEER };
}
