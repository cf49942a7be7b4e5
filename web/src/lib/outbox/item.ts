import { ApiProblem } from '@/lib/api/problem';
import type { Kind } from './kinds';

/** What a person wrote or decided, for the server to keep. The kind knows what else it holds, and how it is sent. */
export interface Letter {
  readonly kind: string;
}

/** Something that a person has sent off, until the server has it. */
export interface Item<L extends Letter = Letter> {
  /** Made once, when the person pressed: the server takes it once, however often it comes. */
  id: string;
  letter: L;
  writtenAt: number;
  /** When the person last said to send it after all. */
  confirmedAt: number | null;
  /** Why the server will not take it: it is not sent again by itself. */
  refused: { code: string; params: Readonly<Record<string, unknown>> } | null;
}

/** What is done late may mislead: what is older than this is asked about. */
export const ASK_AFTER_MS = 24 * 60 * 60_000;

/**
 * The server keeps a key for two days. Of what is older nobody can tell whether it is there already, so it is not sent
 * again: its writer looks, and enters it anew or not.
 */
export const SEND_WITHIN_MS = 46 * 60 * 60_000;

export function newItem<L extends Letter>(letter: L, now: number): Item<L> {
  return { id: crypto.randomUUID(), letter, writtenAt: now, confirmedAt: null, refused: null };
}

/** What is in one lane is sent in the order in which it was written: nothing overtakes. */
export const laneOf = ({ id, letter }: Item, kind: Kind | undefined): string =>
  kind?.lane?.(letter) ?? `own.${id}`;

export const isOld = ({ writtenAt, confirmedAt }: Item, kind: Kind | undefined, now: number) =>
  !kind?.evenLate && now - (confirmedAt ?? writtenAt) > ASK_AFTER_MS;

/** Too old to be sent again at all. */
export const isLapsed = ({ writtenAt }: Item, kind: Kind | undefined, now: number): boolean =>
  !kind?.evenLate && !kind?.knownForGood && now - writtenAt > SEND_WITHIN_MS;

export type Verdict =
  | { outcome: 'passes'; waitMs: number; reachable: boolean }
  | { outcome: 'signed_out' }
  | { outcome: 'refused'; problem: ApiProblem };

/**
 * What a failed attempt says of the item. Only a refusal in the API's own form is final; anything
 * else, like the page of a proxy or of a hotel's sign-in, says nothing about it.
 */
export function judge(error: unknown): Verdict {
  if (!(error instanceof ApiProblem)) return { outcome: 'passes', waitMs: 0, reachable: false };
  const foreign = error.code === 'unexpected';
  if (error.status === 401 && !foreign) return { outcome: 'signed_out' };
  if (error.passes || foreign) {
    const seconds = Number(error.data.retry_after);
    return {
      outcome: 'passes',
      waitMs: Number.isFinite(seconds) ? seconds * 1_000 : 0,
      reachable: error.status !== 0 && !foreign,
    };
  }
  return { outcome: 'refused', problem: error };
}
