import { ApiProblem } from '@/lib/api/problem';
import type { Item } from './item';
import type { KindOf } from './kinds';
import { Outbox, type World } from './outbox';
import type { Store } from './store';

/*
 * For tests: a device with several tabs, its disk, and a network on which requests and answers get lost.
 */
const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

/** The disk of one device: what was written to it outlives every tab. */
export class Disk {
  rows: Item[] = [];
  /** Everything that ever was kept, in order. */
  kept: Item[] = [];

  store(): Store {
    return {
      add: async (item) => {
        await pause(3);
        this.rows.push(item);
        this.kept.push(item);
        return true;
      },
      all: async () => [...this.rows],
      change: async (item) => {
        await pause(1);
        this.rows = this.rows.map((each) => (each.id === item.id ? item : each));
      },
      remove: async (id) => {
        await pause(2);
        this.rows = this.rows.filter((each) => each.id !== id);
      },
    };
  }
}

/** How a request fares: whether it gets there, and whether its answer comes back. */
export type Fate = 'arrives' | 'is lost' | 'answer is lost' | 'busy' | 'late';

export class Device<S extends { take: (item: Item) => unknown }> {
  private queue = Promise.resolve();
  readonly tabs: Outbox[] = [];
  fates: Fate[] = [];
  down = false;
  requests = 0;

  constructor(
    readonly server: S,
    private readonly kindOf: KindOf,
    readonly disk = new Disk(),
    private readonly locks = true,
  ) {}

  open(): Outbox {
    const world: World = {
      store: this.disk.store(),
      kindOf: (letter) => {
        const kind = this.kindOf(letter);
        return kind && { ...kind, send: (item) => this.send(item) };
      },
      onSettled: () => pause(1),
      now: Date.now,
      later: (ms, run) => {
        const timer = setTimeout(run, ms);
        return () => clearTimeout(timer);
      },
      alone: (run) => {
        if (!this.locks) return run();
        this.queue = this.queue.then(run);
        return this.queue;
      },
      tell: () => {
        for (const other of this.tabs) if (other !== tab) other.told();
      },
    };
    const tab = new Outbox(world);
    this.tabs.push(tab);
    tab.poke();
    return tab;
  }

  close(tab: Outbox): void {
    tab.close();
    this.tabs.splice(this.tabs.indexOf(tab), 1);
  }

  private async send(item: Item): Promise<unknown> {
    const fate = this.fates.shift() ?? 'arrives';
    this.requests += 1;
    await pause(fate === 'late' ? 400 : 5);
    if (this.down || fate === 'is lost') throw new ApiProblem(0, 'unreachable');
    if (fate === 'busy') throw new ApiProblem(503, 'unavailable');
    const answer = this.server.take(item);
    await pause(5);
    if (fate === 'answer is lost') throw new ApiProblem(0, 'unreachable');
    return answer;
  }
}
