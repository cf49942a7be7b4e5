import { sealer } from '@/lib/drafts/drafts';
import { DATABASE } from '@/lib/session/quickExit';
import type { Item } from './item';

/** Where items are until the server has them. The oldest comes first. */
export interface Store {
  /** False when it could be kept only as long as this page is open. */
  add: (item: Item) => Promise<boolean>;
  all: () => Promise<readonly Item[]>;
  change: (item: Item) => Promise<void>;
  remove: (id: string) => Promise<void>;
}

interface Row {
  /** In the order of writing, over all tabs. */
  seq?: number;
  id: string;
  owner: string;
  day: number;
  sealed: Uint8Array<ArrayBuffer>;
}

const ITEMS = 'outbox';
const KEEP_DAYS = 90;
const DAY_MS = 86_400_000;
const placeOf = (id: string): string => `outbox.${id}`;

/**
 * On this device's disk, sealed for one person. What cannot be sealed or written there stays in
 * memory, where this page still sends it.
 */
export class DeviceStore implements Store {
  private database: Promise<IDBDatabase> | null = null;
  private memory: readonly Item[] = [];

  /** Something would be lost with this page. */
  get holdsUnkept(): boolean {
    return this.memory.length > 0;
  }

  async add(item: Item): Promise<boolean> {
    const kept = await this.write(item).catch(() => false);
    if (!kept) this.memory = [...this.memory, item];
    return kept;
  }

  async all(): Promise<readonly Item[]> {
    const rows = await this.mine().catch(() => []);
    const items = await Promise.all(
      rows.map(({ id, sealed }) => sealer.unseal<Item>(placeOf(id), sealed)),
    );
    return [...items.filter((item) => item !== null), ...this.memory];
  }

  async change(item: Item): Promise<void> {
    this.memory = this.memory.map((each) => (each.id === item.id ? item : each));
    const row = (await this.mine()).find(({ id }) => id === item.id);
    const sealed = row && (await sealer.seal(placeOf(item.id), item));
    if (!sealed) return;
    await this.run('readwrite', (rows) => rows.put({ ...row, sealed } satisfies Row));
  }

  async remove(id: string): Promise<void> {
    this.memory = this.memory.filter((each) => each.id !== id);
    const row = (await this.mine()).find((each) => each.id === id);
    if (row?.seq !== undefined) await this.delete([row.seq]);
  }

  /** Deletes all that is this person's. */
  async discard(): Promise<void> {
    this.memory = [];
    await this.delete((await this.mine()).map(({ seq }) => seq));
  }

  /** Deletes what nobody has come back for. */
  async clearAway(): Promise<void> {
    const all = await this.run<Row[]>('readonly', (rows) => rows.getAll());
    await this.delete(all.filter(({ day }) => today() - day > KEEP_DAYS).map(({ seq }) => seq));
  }

  private async write(item: Item): Promise<boolean> {
    const [owner, sealed] = [await sealer.owner(), await sealer.seal(placeOf(item.id), item)];
    if (owner === null || sealed === null) return false;
    await this.run('readwrite', (rows) =>
      rows.add({ id: item.id, owner, day: today(), sealed } satisfies Row),
    );
    return true;
  }

  private async mine(): Promise<Row[]> {
    const owner = await sealer.owner();
    if (owner === null) return [];
    return this.run<Row[]>('readonly', (rows) => rows.index('owner').getAll(owner));
  }

  private async delete(keys: readonly (number | undefined)[]): Promise<void> {
    for (const key of keys) {
      if (key !== undefined) await this.run('readwrite', (rows) => rows.delete(key));
    }
  }

  /** Done when it is on the disk, and not merely on its way there: a battery may die in between. */
  private async run<T>(
    mode: IDBTransactionMode,
    work: (rows: IDBObjectStore) => IDBRequest<T> | IDBRequest,
  ): Promise<T> {
    const database = await this.open();
    return new Promise((done, failed) => {
      const transaction = database.transaction(ITEMS, mode, { durability: 'strict' });
      const request = work(transaction.objectStore(ITEMS));
      transaction.oncomplete = () => done(request.result as T);
      transaction.onabort = () => failed(transaction.error);
    });
  }

  private open(): Promise<IDBDatabase> {
    this.database ??= opened(() => {
      this.database = null;
    });
    this.database.catch(() => {
      this.database = null;
    });
    return this.database;
  }
}

const today = (): number => Math.floor(Date.now() / DAY_MS);

function opened(onGone: () => void): Promise<IDBDatabase> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => {
      const rows = opening.result.createObjectStore(ITEMS, { keyPath: 'seq', autoIncrement: true });
      rows.createIndex('owner', 'owner');
    };
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      // A quick exit deletes it, from any tab.
      database.onversionchange = () => {
        database.close();
        onGone();
      };
      database.onclose = onGone;
      done(database);
    };
  });
}
