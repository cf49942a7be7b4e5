import type { ServerFrame } from '../protocol.ts';
import { step } from '../reduce.ts';
import { type CallEvent, type CallState, type Command, newCall } from '../state.ts';
import { FakeRoom } from './room.ts';

interface FakeLink {
  connection: number;
  polite: boolean;
  /** What was said and heard in this connection: an offer of ours that waits, and the agreement. */
  offered: boolean;
  agreed: boolean;
  connected: boolean;
}

interface Page {
  id: string;
  state: CallState;
  timers: Map<string, number>;
  links: Map<string, FakeLink>;
  /** Sockets that carry what is sent on them. */
  open: Set<number>;
  /** Nothing gets through to signaling: sockets close before they are open. */
  blocked: boolean;
  /** What is on its way to this page, in order; what comes over a socket dies with it. */
  coming: { socket?: number; arrive: () => void }[];
}

const ON = { microphone: true, camera: true };

/** Two pages, a room, and the network between; nothing moves but by `deliver` and `pass`. */
export class World {
  now = 0;
  readonly pages: Record<string, Page> = {};
  readonly going: (() => void)[] = [];
  private instances = 0;
  private readonly room = new FakeRoom(
    (id, socket, frame: ServerFrame) => {
      const arrive = () => this.take(id, { type: 'frame', socket, frame });
      this.page(id).coming.push({ socket, arrive });
    },
    (id, socket, code) => {
      const arrive = () => this.take(id, { type: 'socket_closed', socket, code });
      this.page(id).coming.push({ socket, arrive });
    },
  );

  constructor() {
    for (const id of ['doctor', 'patient']) this.reload(id);
  }

  page(id: string): Page {
    const page = this.pages[id];
    if (!page) throw new Error(id);
    return page;
  }

  /** A new page of the same person, joining. */
  reload(id: string): void {
    this.cut(id);
    const old = this.pages[id];
    if (old) this.room.lost(id, old.state.socket);
    this.pages[id] = {
      id,
      // Sockets have numbers of their own for each page.
      state: { ...newCall(ON), socket: ++this.instances * 1000 },
      timers: new Map(),
      links: new Map(),
      open: new Set(),
      blocked: false,
      coming: [],
    };
    this.take(id, { type: 'join', instance: `${id}-${this.instances}` });
  }

  take(id: string, event: CallEvent): void {
    const page = this.page(id);
    const { state, commands } = step(page.state, event, { now: this.now, random: 0.5 });
    page.state = state;
    for (const command of commands) this.carryOut(page, command);
  }

  /** The socket dies; the room notices, the page notices. */
  cut(id: string): void {
    const page = this.pages[id];
    if (!page) return;
    const { socket } = page.state;
    if (!page.open.delete(socket)) return;
    page.coming = page.coming.filter((each) => each.socket !== socket);
    this.room.lost(id, socket);
    this.take(id, { type: 'socket_closed', socket, code: 1006 });
  }

  block(id: string, blocked: boolean): void {
    this.page(id).blocked = blocked;
  }

  /** The direct connection breaks, as one side sees it. */
  breakLink(id: string, state: 'disconnected' | 'failed'): void {
    const page = this.page(id);
    for (const [peer, link] of page.links) {
      link.connected = false;
      link.agreed = false;
      this.take(id, { type: 'link_state', peer, connection: link.connection, state });
    }
  }

  deliver(id: string): void {
    this.page(id).coming.shift()?.arrive();
  }

  /** What one page has said reaches the room. */
  carry(): void {
    this.going.shift()?.();
  }

  pass(ms: number): void {
    this.now += ms;
    for (const page of Object.values(this.pages)) {
      for (const [name, due] of [...page.timers]) {
        if (due > this.now || page.timers.get(name) !== due) continue;
        page.timers.delete(name);
        this.take(page.id, { type: 'timer', name });
      }
    }
  }

  endGrace(): void {
    this.room.drop();
  }

  /** All that is under way arrives, and time passes, for long enough that everything is mended. */
  settle(): void {
    for (let second = 0; second < 120; second += 1) {
      this.pass(1000);
      for (let left = 400; left > 0 && this.busy(); left -= 1) {
        this.carry();
        for (const id of Object.keys(this.pages)) this.deliver(id);
        this.agree();
      }
    }
  }

  private busy(): boolean {
    return (
      this.going.length > 0 || Object.values(this.pages).some((page) => page.coming.length > 0)
    );
  }

  private agree(): void {
    const doctor = this.page('doctor').links.get('patient');
    const patient = this.page('patient').links.get('doctor');
    if (!doctor?.agreed || !patient?.agreed) return;
    if (doctor.connection !== patient.connection) return;
    for (const [id, peer, link] of [
      ['doctor', 'patient', doctor],
      ['patient', 'doctor', patient],
    ] as const) {
      if (link.connected) continue;
      link.connected = true;
      const { connection } = link;
      this.take(id, { type: 'link_state', peer, connection, state: 'connected' });
    }
  }

  private carryOut(page: Page, command: Command): void {
    const { id } = page;
    switch (command.do) {
      case 'get_ticket':
        this.come(page, {
          type: 'granted',
          grant: { ticket: 't', signaling_url: 'ws://x', ice_servers: [], attempt_id: 'a' },
        });
        break;
      case 'open': {
        const { socket } = command;
        if (page.blocked) {
          this.come(page, { type: 'socket_closed', socket, code: 1006 });
          break;
        }
        page.open.add(socket);
        this.come(page, { type: 'socket_open', socket });
        break;
      }
      case 'send': {
        const { socket, frame } = command;
        this.going.push(() => {
          if (page.open.has(socket)) this.room.hear(id, socket, frame);
        });
        break;
      }
      case 'close':
        // What was sent before is still carried.
        this.going.push(() => {
          page.open.delete(command.socket);
          this.room.lost(id, command.socket);
        });
        break;
      case 'timer':
        page.timers.set(command.name, this.now + command.ms);
        break;
      case 'cancel':
        page.timers.delete(command.name);
        break;
      case 'link': {
        const { peer, connection, polite, offers } = command;
        const link = { connection, polite, offered: false, agreed: false, connected: false };
        page.links.set(peer, link);
        if (offers) this.offer(page, peer, link);
        break;
      }
      case 'unlink':
        page.links.delete(command.peer);
        break;
      case 'restart': {
        const link = page.links.get(command.peer);
        if (link) this.offer(page, command.peer, link);
        break;
      }
      case 'describe':
        this.describe(page, command.peer, command.connection, command.description.type);
        break;
      case 'candidate':
        break;
    }
  }

  private offer(page: Page, peer: string, link: FakeLink): void {
    link.offered = true;
    const { connection } = link;
    this.come(page, { type: 'described', peer, connection, kind: 'offer', sdp: 'offer' });
  }

  /** Something of the page's own that takes a moment. */
  private come(page: Page, event: CallEvent): void {
    const arrive = () => {
      if (this.pages[page.id] === page) this.take(page.id, event);
    };
    page.coming.push({ arrive });
  }

  private describe(page: Page, peer: string, connection: number, type: 'offer' | 'answer'): void {
    const link = page.links.get(peer);
    if (link?.connection !== connection)
      throw new Error('described a connection that is not there');
    if (type === 'answer') {
      if (!link.offered) return;
      link.offered = false;
      link.agreed = true;
      return;
    }
    if (link.offered && !link.polite) return;
    link.offered = false;
    link.agreed = true;
    this.come(page, { type: 'described', peer, connection, kind: 'answer', sdp: 'answer' });
  }
}
