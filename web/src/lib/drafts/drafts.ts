import { api, take } from '@/lib/api/client';
import { onLeaving } from '@/lib/session/signOut';
import { fromBase64, Sealer, toBase64 } from './sealer';

/*
 * Drafts kept on this device until the server has what was written, each under the mark of the person
 * who wrote it: nobody else who signs in here opens them, overwrites them or deletes them.
 */
const PREFIX = 'carethread.draft.';
const KEEP_DAYS = 30;
const DAY_MS = 86_400_000;

export class Drafts {
  /** The newest write under each name: sealing takes a moment, in which a draft may be dropped or written anew. */
  private readonly newest = new Map<string, symbol>();

  /** What could not be stored here: it lasts as long as the page. */
  private readonly memory = new Map<string, string>();

  constructor(
    private readonly sealer: Sealer,
    private readonly storage: Storage,
  ) {}

  /** Gets the key while there is a network, and clears away what nobody has come back for. */
  async prepare(): Promise<boolean> {
    this.removeWhere((_key, value) => !(today() - Number(value.split('.')[0]) <= KEEP_DAYS));
    return this.sealer.prepare();
  }

  /** Something would be lost with this page. */
  get holdsUnkept(): boolean {
    return this.memory.size > 0;
  }

  /** Keeps a value under a name. False when that is possible only as long as this page is open. */
  async keep(name: string, value: unknown): Promise<boolean> {
    const write = Symbol(name);
    this.newest.set(name, write);
    const kept = await this.store(name, value, write);
    if (this.newest.get(name) !== write) return true;
    if (kept) this.memory.delete(name);
    else this.memory.set(name, JSON.stringify(value));
    return kept;
  }

  private async store(name: string, value: unknown, write: symbol): Promise<boolean> {
    const [owner, sealed] = [await this.sealer.owner(), await this.sealer.seal(name, value)];
    if (owner === null || sealed === null) return false;
    if (this.newest.get(name) !== write) return true;
    try {
      this.storage.setItem(keyOf(owner, name), `${today()}.${toBase64(sealed)}`);
      return true;
    } catch {
      return false; // Storage is full or switched off.
    }
  }

  /** What this person kept; null when there is nothing. */
  async read<T>(name: string): Promise<T | null> {
    const here = this.memory.get(name);
    if (here !== undefined) return JSON.parse(here) as T;
    const owner = await this.sealer.owner();
    if (owner === null) return null;
    const [, sealed] = (this.storage.getItem(keyOf(owner, name)) ?? '').split('.');
    if (!sealed) return null;
    const value = await this.sealer.unseal<T>(name, fromBase64(sealed));
    if (value === null) this.drop(name);
    return value;
  }

  drop(name: string): void {
    const dropping = Symbol(name);
    this.newest.set(name, dropping);
    this.memory.delete(name);
    void this.sealer.owner().then((owner) => {
      if (owner !== null && this.newest.get(name) === dropping)
        this.storage.removeItem(keyOf(owner, name));
    });
  }

  /** How many drafts of this person lie here. */
  async count(): Promise<number> {
    const owner = await this.sealer.owner();
    if (owner === null) return 0;
    return Object.keys(this.storage).filter((key) => key.startsWith(keyOf(owner, ''))).length;
  }

  /** Deletes every draft of this person. */
  async discard(): Promise<void> {
    this.forget();
    const owner = await this.sealer.owner();
    if (owner !== null) this.removeWhere((key) => key.startsWith(keyOf(owner, '')));
  }

  /** What this page holds is not kept. */
  forget(): void {
    this.newest.clear();
    this.memory.clear();
  }

  private removeWhere(goes: (key: string, value: string) => boolean): void {
    for (const key of Object.keys(this.storage)) {
      if (key.startsWith(PREFIX) && goes(key, this.storage.getItem(key) ?? ''))
        this.storage.removeItem(key);
    }
  }
}

const keyOf = (owner: string, name: string): string => `${PREFIX}${owner}.${name}`;
const today = (): number => Math.floor(Date.now() / DAY_MS);

/** What seals for whoever is signed in in this browser. */
export const sealer = new Sealer(async () => (await take(api.GET('/api/session/draft-key'))).key);

/** The drafts of this browser. */
export const drafts = new Drafts(sealer, localStorage);
onLeaving(async (unsent) => {
  if (unsent === 'discard') await drafts.discard();
  drafts.forget();
  sealer.forget();
});
