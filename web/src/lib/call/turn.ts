import { say } from './dialogue.ts';
import type { ClientFrame, ClientMessage } from './protocol.ts';
import type { CallState, Command, Env, PeerState } from './state.ts';

/** One step of the reducer while it is made: the state so far and what shall be done. */
export class Turn {
  readonly commands: Command[] = [];

  constructor(
    public state: CallState,
    readonly env: Env,
  ) {}

  set(changes: Partial<CallState>): void {
    this.state = { ...this.state, ...changes };
  }

  do(...commands: Command[]): void {
    this.commands.push(...commands);
  }

  /** Say something that must arrive: now if there is a socket, else after it is back. */
  say(message: ClientMessage): void {
    if (this.state.dialogue.token === null) return;
    const [dialogue, frame] = say(this.state.dialogue, message);
    this.set({ dialogue });
    if (this.state.phase === 'in_call') this.send(frame);
  }

  /** Put a frame on the present socket. */
  send(frame: ClientFrame): void {
    this.do({ do: 'send', socket: this.state.socket, frame });
  }

  peer(id: string): PeerState | undefined {
    return this.state.peers[id];
  }

  setPeer(id: string, changes: Partial<PeerState>): void {
    const peer = this.state.peers[id];
    if (peer) this.set({ peers: { ...this.state.peers, [id]: { ...peer, ...changes } } });
  }
}
