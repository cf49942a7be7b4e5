import type { Media } from '../protocol.ts';
import type { Reading } from './reading.ts';

/** How well we hear and see somebody, in a word. `unknown` until two samples could be compared. */
export type Quality = 'unknown' | 'good' | 'fair' | 'poor' | 'none';

/**
 * Loss and delay decide (ITU-T G.114 calls up to 150 ms one way good and above 400 ms
 * unacceptable); nothing at all is `none`, unless nothing is sent. Video that stutters counts as loss does.
 */
export function qualityOf(
  before: Reading,
  now: Reading,
  { camera, microphone }: Pick<Media, 'camera' | 'microphone'>,
): Quality {
  const seconds = (now.at - before.at) / 1000;
  const bytes = now.bytesIn - before.bytesIn;
  if (seconds <= 0 || bytes < 0) return 'unknown';
  if (bytes === 0) return camera || microphone ? 'none' : 'unknown';
  const lost = Math.max(0, now.lost - before.lost);
  const loss = lost / Math.max(1, lost + now.packets - before.packets);
  const roundTrip = (now.roundTrip ?? 0) * 1000;
  const frames = (now.frames - before.frames) / seconds;
  const stutters = camera && frames < 5;
  if (loss > 0.1 || roundTrip > 800 || stutters) return 'poor';
  if (loss > 0.03 || roundTrip > 300 || (camera && frames < 12)) return 'fair';
  return 'good';
}

/** The word that is shown, and the samples in a row that speak for a better one, or for a worse one. */
export interface Steady {
  readonly shown: Quality;
  readonly against: readonly Quality[];
}

export const UNSTEADY: Steady = { shown: 'unknown', against: [] };
const RANKS: readonly Quality[] = ['none', 'poor', 'fair', 'good'];
/** Samples in a row, one a second: an improvement has to prove itself. Silence is told after two. */
const WORSE = 4;
const BETTER = 8;

/** A word that does not flicker: it changes by the mildest step that all of the last samples ask for. */
export function steadied({ shown, against }: Steady, now: Quality): Steady {
  const rank = (quality: Quality) => RANKS.indexOf(quality);
  const from = rank(shown);
  const to = rank(now);
  // Nothing to hold on to: it was not known, or is not, or silence is over.
  if (from < 1 || to < 0) return { shown: now, against: [] };
  if (from === to) return { shown, against: [] };
  const worse = to < from;
  const run = [...against.filter((each) => rank(each) < from === worse), now];
  if (now === 'none' && against.at(-1) === 'none') return { shown: 'none', against: [] };
  if (run.length < (worse ? WORSE : BETTER)) return { shown, against: run };
  const ranks = run.map(rank);
  const reached = RANKS[worse ? Math.max(...ranks) : Math.min(...ranks)];
  return { shown: reached ?? now, against: now === 'none' ? [now] : [] };
}
