import { api, take } from '@/lib/api/client';
import { wipeOnSignOut } from '@/lib/session/signOut';

/*
 * Drafts kept on this device while the network is away, encrypted with AES-GCM. The key comes from
 * the server for the signed-in person and stays in memory; signing out wipes the drafts as well.
 * Where the browser has no WebCrypto (no https) nothing is kept, rather than kept in the clear.
 */
const PREFIX = 'carethread.draft.';
const IV_BYTES = 12;

export class Drafts {
  private key: Promise<CryptoKey | null> | null = null;
  /** The newest write under each name: sealing takes a moment, in which a draft may be dropped or written anew. */
  private readonly newest = new Map<string, symbol>();

  constructor(
    private readonly fetchKey: () => Promise<string>,
    private readonly storage: Storage,
  ) {}

  /** Gets the key while there is a network, so that a draft can be kept when there is none. */
  async prepare(): Promise<boolean> {
    return (await this.openKey()) !== null;
  }

  /** Keeps a value under a name. False when that is not possible here. */
  async keep(name: string, value: unknown): Promise<boolean> {
    const write = Symbol(name);
    this.newest.set(name, write);
    const key = await this.openKey();
    if (!key) return false;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = new TextEncoder().encode(JSON.stringify(value));
    const algorithm = { name: 'AES-GCM', iv, additionalData: placeOf(name) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, plain));
    const packed = new Uint8Array(IV_BYTES + sealed.length);
    packed.set(iv);
    packed.set(sealed, IV_BYTES);
    if (this.newest.get(name) !== write) return true;
    try {
      this.storage.setItem(PREFIX + name, toBase64(packed));
      return true;
    } catch {
      return false; // Storage is full or switched off.
    }
  }

  /** What was kept; null when there is nothing, or it was somebody else's. */
  async read<T>(name: string): Promise<T | null> {
    const stored = this.storage.getItem(PREFIX + name);
    const key = stored && (await this.openKey());
    if (!stored || !key) return null;
    try {
      const packed = fromBase64(stored);
      const iv = packed.slice(0, IV_BYTES);
      const algorithm = { name: 'AES-GCM', iv, additionalData: placeOf(name) };
      const plain = await crypto.subtle.decrypt(algorithm, key, packed.slice(IV_BYTES));
      return JSON.parse(new TextDecoder().decode(plain)) as T;
    } catch {
      this.drop(name);
      return null;
    }
  }

  drop(name: string): void {
    this.newest.delete(name);
    this.storage.removeItem(PREFIX + name);
  }

  /** Forgets the key and every draft of this device. */
  wipe(): void {
    this.key = null;
    this.newest.clear();
    for (const name of Object.keys(this.storage)) {
      if (name.startsWith(PREFIX)) this.storage.removeItem(name);
    }
  }

  private openKey(): Promise<CryptoKey | null> {
    this.key ??= this.importKey();
    return this.key;
  }

  private async importKey(): Promise<CryptoKey | null> {
    if (!globalThis.crypto?.subtle) return null;
    try {
      const raw = fromBase64(await this.fetchKey());
      return await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);
    } catch {
      this.key = null; // Asked for again the next time.
      return null;
    }
  }
}

/** The drafts of this browser. */
export const drafts = new Drafts(
  async () => (await take(api.GET('/api/session/draft-key'))).key,
  localStorage,
);
wipeOnSignOut(() => drafts.wipe());

/** Ties a draft to its name: one patient's note, moved in the storage, does not open as another's. */
function placeOf(name: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(name);
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
