import type { Queue, QueueEntry } from '../model';

/** Something in the queue that a clinician has to hear of: somebody new waits, or is in danger. */
export interface News {
  kind: 'arrival' | 'flag';
  entry: QueueEntry;
}

/** Someone who comes from these was not waited for already. */
const COMES_FROM = new Set<QueueEntry['status'] | undefined>([undefined, 'intake', 'left']);

/**
 * What changed between two looks at the queue. A red flag outranks an arrival, and nobody is told
 * twice of one patient. A patient who was put back is no news: the clinic did that itself.
 */
export function news(before: Queue, after: Queue): News[] {
  const known = new Map(before.entries.map((entry) => [entry.visit_id, entry]));
  return after.entries.flatMap((entry): News[] => {
    const earlier = known.get(entry.visit_id);
    const seen = new Set(raisedNow(earlier));
    if (raisedNow(entry).some((code) => !seen.has(code))) return [{ kind: 'flag', entry }];
    const arrived = entry.status === 'waiting' && COMES_FROM.has(earlier?.status);
    return arrived ? [{ kind: 'arrival', entry }] : [];
  });
}

/** The flags that the answers raise now: one that was taken back is news again when it comes again. */
export const raisedNow = (entry: QueueEntry | undefined): string[] =>
  (entry?.red_flags ?? []).filter(({ changed_at }) => !changed_at).map(({ code }) => code);

/** 'Maria L.': enough for those who know her, for a title that others may see over a shoulder. */
export function shortName(name: string): string {
  const words = name.trim().split(/\s+/);
  const last = words.length > 1 ? ` ${words.at(-1)?.charAt(0)}.` : '';
  return `${words[0] ?? ''}${last}`;
}
