import { ApiProblem, asWhole } from '@/lib/api/problem';

/** What a person wrote for another to read: a message into a thread, or the first one of a new conversation. */
export type Written =
  | {
      kind: 'message';
      threadId: string;
      /** What the conversation is called where it is not on screen. */
      about: string;
      body: string;
    }
  | {
      kind: 'thread';
      subject: string;
      body: string;
      /** To whom staff write; a patient writes to the clinic. */
      patientId: string | null;
      patientName: string | null;
      visitId: string | null;
      /** The task whose log says that it was sent. */
      taskId: string | null;
    };

/** An answer to a red flag's question. No list shows it: whoever hurts the patient may read their phone. */
export interface RedFlagAnswer {
  kind: 'red_flag';
  rule: string;
  yes: boolean;
  threadId: string | null;
}

export type Letter = Written | RedFlagAnswer;

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

export const isWritten = (item: Item): item is Item<Written> => item.letter.kind !== 'red_flag';

/** A message sent late may mislead: what is older than this is asked about. */
export const ASK_AFTER_MS = 24 * 60 * 60_000;

export function newItem(letter: Letter, now: number): Item {
  return { id: crypto.randomUUID(), letter, writtenAt: now, confirmedAt: null, refused: null };
}

/** What is in one lane is sent in the order in which it was written: nothing overtakes. */
export const laneOf = ({ id, letter }: Item): string =>
  letter.kind === 'message' ? `thread.${letter.threadId}` : `own.${id}`;

/** An answer about a danger is sent whenever it can be: the clinic is told since when it stands. */
export const isOld = ({ letter, writtenAt, confirmedAt }: Item, now: number): boolean =>
  letter.kind !== 'red_flag' && now - (confirmedAt ?? writtenAt) > ASK_AFTER_MS;

export type Verdict =
  | { outcome: 'passes'; waitMs: number; reachable: boolean }
  | { outcome: 'signed_out' }
  | { outcome: 'refused'; problem: ApiProblem };

/**
 * What a failed attempt says of the message. Only a refusal in the API's own form is final; anything
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
  return { outcome: 'refused', problem: asWhole(error) };
}
