import type { QueryKey } from '@tanstack/react-query';
import type { Item, Letter } from './item';

/** What a feature tells the outbox of one kind of write. */
export interface Kind<L extends Letter = Letter> {
  name: L['kind'];
  /**
   * Gives it to the server under the item's id (`underId`), so that it is done once however often it comes.
   * Throws ApiProblem; an answer that is not what was asked for is none.
   */
  send(item: Item<L>): Promise<unknown>;
  /** Items of one lane are sent in the order in which they were made. What has none waits for nothing. */
  lane?(letter: L): string | null;
  /** The queries that are out of date once the server has it, or will not take it. */
  changes(letter: L): readonly QueryKey[];
  /**
   * A later letter of the lane that was made before `letter` had its effect: the person knew of both, so it counts on
   * what the server answered.
   */
  after?(letter: L, answer: unknown, later: Letter): Letter;
  /** It is sent however late: nobody is asked. */
  evenLate?: true;
  /** The server knows the id for as long as the thing exists, and not only as long as it keeps keys. */
  knownForGood?: true;
  /** No list shows it. */
  unlisted?: true;
}

export type KindOf = (letter: Letter) => Kind | undefined;

const kinds = new Map<string, Kind>();
let onDeclared: () => void = () => undefined;

/** Makes a kind known. What waits on this device of a kind that this page does not know waits on. */
export function declareKind<L extends Letter>(kind: Kind<L>): void {
  kinds.set(kind.name, kind as unknown as Kind);
  onDeclared();
}

export const kindOf: KindOf = ({ kind }) => kinds.get(kind);

/** Calls back when one more kind is known. */
export function whenDeclared(listener: () => void): void {
  onDeclared = listener;
}

const PATIENCE_MS = 30_000;

/** Spread into a call of the API: its key, how long an answer is waited for, and that nobody may be there to be asked. */
export const underId = (id: string) => ({
  headers: { 'Idempotency-Key': id },
  signal: AbortSignal.timeout(PATIENCE_MS),
  byItself: true,
});
