import { type ApiProblem, asWhole } from '@/lib/api/problem';
import { type Item, isLapsed, isOld, judge, type Letter, laneOf, newItem } from './item';
import type { KindOf } from './kinds';
import type { Store } from './store';

/**
 * How an item stands: `sending` now; `waiting` for a connection; `held` behind another of its lane
 * that waits for the person; `old`, to be asked about; `lapsed`, too old to be sent at all; `refused` for good; `sent` and
 * soon on the page.
 */
export type Standing = 'sending' | 'waiting' | 'held' | 'old' | 'lapsed' | 'refused' | 'sent';

export interface Entry<L extends Letter = Letter> {
  item: Item<L>;
  standing: Standing;
}

/**
 * What came of the first attempt. `answer` is the server's; null when another tab has sent it. `shown` is done when the
 * pages have it.
 */
export type First =
  | { outcome: 'sent'; answer: unknown; shown: Promise<unknown> }
  | { outcome: 'waiting' }
  | { outcome: 'refused'; problem: ApiProblem };

export interface World {
  store: Store;
  /** How a letter is sent; undefined where no code on this page knows its kind. */
  kindOf: KindOf;
  /** It is there, or refused: done when every page that shows what it is about has that anew. */
  onSettled: (item: Item) => Promise<unknown>;
  now: () => number;
  /** Calls back after a pause; returns a way to stop. */
  later: (ms: number, run: () => void) => () => void;
  /** Runs while no other tab of this browser does, where that can be had. */
  alone: (run: () => Promise<void>) => Promise<void>;
  /** Tells the other tabs that the store has changed. */
  tell: () => void;
}

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 60_000;

/**
 * What this person has sent and the server does not have yet. An item is stored before the first
 * request and deleted after the server's word that it has it; in between it is sent again with
 * growing pauses. Each has an id by which the server takes it once, and the next of a lane goes out
 * after the one before was taken: so it arrives once and in order, also where two tabs send at a time.
 */
export class Outbox {
  private items: readonly Item[] = [];
  /** On the page, and on their way to the store or out of it. */
  private arriving: readonly Item[] = [];
  private leaving: readonly Item[] = [];
  private sending: string | null = null;
  private entries: readonly Entry[] = [];
  private running = false;
  private again = false;
  private closed = false;
  private failures = 0;
  private stopTimer: () => void = () => undefined;
  private readonly listeners = new Set<() => void>();
  private readonly firsts = new Map<string, (first: First) => void>();

  constructor(private readonly world: World) {}

  readonly snapshot = (): readonly Entry[] => this.entries;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Done when it is kept; from then on it is not lost. `first` is what came of the first attempt. */
  async add<L extends Letter>(letter: L): Promise<{ id: string; first: Promise<First> }> {
    const item = newItem(letter, this.world.now());
    this.arriving = [...this.arriving, item];
    this.publish();
    const first = new Promise<First>((tell) => this.firsts.set(item.id, tell));
    await this.world.store.add(item);
    await this.refresh();
    this.arriving = this.arriving.filter((each) => each !== item);
    this.world.tell();
    this.poke();
    return { id: item.id, first };
  }

  /** The person says to send it after all. */
  async retry(id: string): Promise<void> {
    const item = this.items.find((each) => each.id === id);
    if (!item) return;
    await this.world.store.change({ ...item, refused: null, confirmedAt: this.world.now() });
    this.world.tell();
    this.failures = 0;
    this.poke();
  }

  async discard(id: string): Promise<void> {
    await this.world.store.remove(id);
    await this.refresh();
    this.world.tell();
    this.poke();
  }

  /** The server has these: it was only its answer that did not come. */
  async received(ids: ReadonlySet<string>): Promise<void> {
    for (const { id } of this.items) {
      if (ids.has(id) && id !== this.sending) await this.discard(id);
    }
  }

  /** Tries now: there may be a connection again. */
  readonly poke = (): void => {
    this.again = true;
    this.stopTimer();
    if (!this.running && !this.closed) void this.run();
  };

  /** Another tab has changed the store. It may be gone by now, so this one sends what there is. */
  readonly told = (): void => {
    void this.refresh().then(this.poke);
  };

  private readonly refresh = async (): Promise<void> => {
    this.items = await this.world.store.all();
    this.publish();
  };

  close(): void {
    this.closed = true;
    this.stopTimer();
    this.listeners.clear();
  }

  private async run(): Promise<void> {
    this.running = true;
    let waitMs: number | null = null;
    while (this.again && !this.closed) {
      this.again = false;
      await this.world.alone(async () => {
        waitMs = await this.round();
      });
    }
    this.running = false;
    if (waitMs !== null && !this.closed) this.stopTimer = this.world.later(waitMs, this.poke);
  }

  /** Sends what can be sent. Gives the pause until the next try; null when there is nothing to try. */
  private async round(): Promise<number | null> {
    await this.refresh();
    this.tellVanished();
    const stuck = new Set<string>();
    let waitMs: number | null = null;
    for (;;) {
      const next = this.next(stuck);
      if (!next || this.closed) break;
      const verdict = await this.attempt(next);
      if (verdict === null) {
        this.failures = 0;
        continue;
      }
      stuck.add(this.laneOf(next));
      if (verdict.outcome === 'refused') continue;
      for (const id of this.firsts.keys()) this.first(id, { outcome: 'waiting' });
      if (verdict.outcome === 'signed_out') return null;
      waitMs = Math.max(waitMs ?? 0, verdict.waitMs, this.pause());
      if (!verdict.reachable) break;
    }
    if (waitMs !== null) this.failures += 1;
    this.publish();
    return waitMs;
  }

  private pause(): number {
    return Math.min(FIRST_RETRY_MS * 2 ** this.failures, LAST_RETRY_MS);
  }

  /** The oldest that nothing of its lane stands before. */
  private next(stuck: ReadonlySet<string>): Item | undefined {
    const before = new Set(stuck);
    return this.items.find((item) => {
      const lane = this.laneOf(item);
      const free = !before.has(lane) && this.maySend(item);
      before.add(lane);
      return free;
    });
  }

  private laneOf = (item: Item): string => laneOf(item, this.world.kindOf(item.letter));

  private maySend = (item: Item): boolean => {
    const [kind, now] = [this.world.kindOf(item.letter), this.world.now()];
    return (
      kind !== undefined && !item.refused && !isOld(item, kind, now) && !isLapsed(item, kind, now)
    );
  };

  private async attempt(item: Item) {
    this.sending = item.id;
    this.publish();
    try {
      const answer = await this.world.kindOf(item.letter)?.send(item);
      await this.settled(item, answer);
      return null;
    } catch (error) {
      const verdict = judge(error);
      if (verdict.outcome === 'refused') await this.refuse(item, verdict.problem);
      return verdict;
    } finally {
      this.sending = null;
      this.publish();
    }
  }

  private async settled(item: Item, answer: unknown): Promise<void> {
    await this.bringUpToDate(item, answer);
    this.leaving = [...this.leaving, item];
    await this.world.store.remove(item.id);
    await this.refresh();
    this.world.tell();
    // The page that shows it has it a moment later: until then it stays in sight.
    const shown = this.world.onSettled(item).finally(() => {
      this.leaving = this.leaving.filter((each) => each !== item);
      this.publish();
    });
    this.first(item.id, { outcome: 'sent', answer, shown });
  }

  /** What waits behind it counts on its effect. Before it is deleted: whoever is killed in between gets the answer again. */
  private async bringUpToDate(item: Item, answer: unknown): Promise<void> {
    const kind = this.world.kindOf(item.letter);
    if (!kind?.after) return;
    for (const each of await this.world.store.all()) {
      if (each.id === item.id || this.laneOf(each) !== this.laneOf(item)) continue;
      const letter = kind.after(item.letter, answer, each.letter);
      if (letter !== each.letter) await this.world.store.change({ ...each, letter });
    }
  }

  private async refuse(item: Item, problem: ApiProblem): Promise<void> {
    const { code, data: params } = asWhole(problem);
    await this.world.store.change({ ...item, refused: { code, params } });
    await this.refresh();
    this.world.tell();
    this.first(item.id, { outcome: 'refused', problem });
    void this.world.onSettled(item);
  }

  private first(id: string, first: First): void {
    this.firsts.get(id)?.(first);
    this.firsts.delete(id);
  }

  /** What another tab has sent meanwhile. */
  private tellVanished(): void {
    const here = new Set([...this.items, ...this.arriving].map(({ id }) => id));
    for (const id of this.firsts.keys()) {
      if (!here.has(id))
        this.first(id, { outcome: 'sent', answer: null, shown: Promise.resolve() });
    }
  }

  private publish(): void {
    if (this.closed) return;
    const stored = new Set(this.items.map(({ id }) => id));
    const gone = new Set(this.leaving.map(({ id }) => id));
    const blocked = new Set<string>();
    this.entries = [
      ...this.leaving.map((item): Entry => ({ item, standing: 'sent' })),
      ...this.items
        .filter(({ id }) => !gone.has(id))
        .map((item): Entry => ({ item, standing: this.standing(item, blocked) })),
      ...this.arriving
        .filter(({ id }) => !stored.has(id) && !gone.has(id))
        .map((item): Entry => ({ item, standing: 'sending' })),
    ];
    for (const listener of this.listeners) listener();
  }

  private standing(item: Item, blocked: Set<string>): Standing {
    const [kind, now] = [this.world.kindOf(item.letter), this.world.now()];
    const held = blocked.has(this.laneOf(item));
    if (!this.maySend(item)) blocked.add(this.laneOf(item));
    if (isLapsed(item, kind, now) && kind) return 'lapsed';
    if (item.refused) return 'refused';
    if (isOld(item, kind, now)) return 'old';
    if (held) return 'held';
    return item.id === this.sending || this.firsts.has(item.id) ? 'sending' : 'waiting';
  }
}
