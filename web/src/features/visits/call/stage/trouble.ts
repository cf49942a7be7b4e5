import type { PeerState } from '@/lib/call/state';
import type { Quality } from '@/lib/call/watching/quality';
import { useTicking } from './useSeconds';

/** While media still flow, a lost socket is not worth a word for so long: it is mostly back by then. */
const UNNOTICED_MS = 1200;

/** `away` and `mending` cover the picture; `unheard` is a word beside it: they are still seen and heard. */
export type Trouble = 'away' | 'mending' | 'unheard';

/** What stands between us and them at this moment, if anything. */
export function troubleOf(peer: PeerState, quality: Quality, now: number): Trouble | null {
  const { away, link } = peer;
  if (!away) return link.phase === 'lost' ? 'mending' : null;
  if (link.phase !== 'connected' || quality === 'none') return 'away';
  return now - away.since < UNNOTICED_MS ? null : 'unheard';
}

export function useTrouble(peer: PeerState, quality: Quality): Trouble | null {
  const now = useTicking(peer.away !== null);
  return troubleOf(peer, quality, now);
}
