const IV_BYTES = 12;
const TAG_BYTES = 9;

interface Opened {
  key: CryptoKey;
  /** Which sealed things on this device are this person's. Says nothing of who that is. */
  owner: string;
}

/**
 * Seals what stays on this device for one person, with AES-GCM. The key comes from the server for the
 * signed-in person and stays in memory. Where the browser has no WebCrypto (no https) nothing is
 * sealed, rather than kept in the clear.
 */
export class Sealer {
  private opened: Promise<Opened | null> | null = null;

  constructor(private readonly fetchKey: () => Promise<string>) {}

  /** Gets the key while there is a network, so that something can be sealed when there is none. */
  async prepare(): Promise<boolean> {
    return (await this.open()) !== null;
  }

  /** The person's mark on this device; null without a key. */
  async owner(): Promise<string | null> {
    return (await this.open())?.owner ?? null;
  }

  /** Null without a key. `place` ties a value to where it lies: moved, it does not open. */
  async seal(place: string, value: unknown): Promise<Uint8Array<ArrayBuffer> | null> {
    const opened = await this.open();
    if (!opened) return null;
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    const plain = bytesOf(JSON.stringify(value));
    const algorithm = { name: 'AES-GCM', iv, additionalData: bytesOf(place) };
    const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, opened.key, plain));
    const packed = new Uint8Array(IV_BYTES + sealed.length);
    packed.set(iv);
    packed.set(sealed, IV_BYTES);
    return packed;
  }

  /** Null without a key, and for what is another person's or was sealed elsewhere. */
  async unseal<T>(place: string, packed: Uint8Array<ArrayBuffer>): Promise<T | null> {
    const opened = await this.open();
    if (!opened) return null;
    const iv = packed.slice(0, IV_BYTES);
    const algorithm = { name: 'AES-GCM', iv, additionalData: bytesOf(place) };
    try {
      const plain = await crypto.subtle.decrypt(algorithm, opened.key, packed.slice(IV_BYTES));
      return JSON.parse(new TextDecoder().decode(plain)) as T;
    } catch {
      return null;
    }
  }

  forget(): void {
    this.opened = null;
  }

  private open(): Promise<Opened | null> {
    this.opened ??= this.import();
    return this.opened;
  }

  private async import(): Promise<Opened | null> {
    if (!globalThis.crypto?.subtle) return null;
    try {
      const raw = fromBase64(await this.fetchKey());
      const named = await crypto.subtle.digest(
        'SHA-256',
        new Uint8Array([...bytesOf('owner:'), ...raw]),
      );
      const owner = toBase64(new Uint8Array(named).slice(0, TAG_BYTES)).replaceAll('/', '_');
      const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, [
        'encrypt',
        'decrypt',
      ]);
      return { key, owner };
    } catch {
      this.opened = null; // Asked for again the next time.
      return null;
    }
  }
}

const bytesOf = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

export function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
