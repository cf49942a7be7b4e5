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

  constructor(
    private readonly sealer: Sealer,
    private readonly storage: Storage,
  ) {}

  /** Gets the key while there is a network, and clears away what nobody has come back for. */
  async prepare(): Promise<boolean> {
    this.removeWhere((_key, value) => !(today() - Number(value.split('.')[0]) <= KEEP_DAYS));
    return this.sealer.prepare();
  }

  /** Keeps a value under a name. False when that is not possible here. */
  async keep(name: string, value: unknown): Promise<boolean> {
    const write = Symbol(name);
    this.newest.set(name, write);
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
    this.newest.clear();
    const owner = await this.sealer.owner();
    if (owner !== null) this.removeWhere((key) => key.startsWith(keyOf(owner, '')));
  }

  /** What is being sealed right now is not kept. */
  forget(): void {
    this.newest.clear();
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
