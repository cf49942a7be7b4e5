import type { Quality } from '@/lib/call/quality';
import type { PeerState } from '@/lib/call/state';
import { useTicking } from './useSeconds';

/** While media still flow, a lost socket is not worth a word for so long: it is mostly back by then. */
const UNNOTICED_MS = 1200;

export type Trouble = 'away' | 'mending';

/** What stands between us and them at this moment, if anything. */
export function troubleOf(peer: PeerState, quality: Quality, now: number): Trouble | null {
  const { away, link } = peer;
  if (away) {
    const flowing = link.phase === 'connected' && quality !== 'none';
    return flowing && now - away.since < UNNOTICED_MS ? null : 'away';
  }
  return link.phase === 'lost' ? 'mending' : null;
}

export function useTrouble(peer: PeerState, quality: Quality): Trouble | null {
  const now = useTicking(peer.away !== null);
  return troubleOf(peer, quality, now);
}
