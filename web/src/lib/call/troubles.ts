import type { components } from '../api/schema';
import type { CallState } from './state.ts';

export type Drop = components['schemas']['DropIn'];
export type Cause = Drop['cause'];

/** Shorter ones nobody notices. */
const SHORTEST_MS = 500;

/** What is missing at this moment, by whose it is. */
export function missingIn(state: CallState, online: boolean): ReadonlyMap<string, Cause> {
  const missing = new Map<string, Cause>();
  if (state.phase === 'reconnecting') missing.set('own', online ? 'signaling' : 'offline');
  for (const [id, { away, link }] of Object.entries(state.peers)) {
    if (link.phase === 'lost') missing.set(`media ${id}`, 'media');
    if (away) missing.set(`away ${id}`, 'other_away');
  }
  return missing;
}

/** Whether what was missing is there again: not where the person, or the call, has gone. */
function isBack(key: string, state: CallState): boolean {
  if (key === 'own') return state.phase === 'in_call';
  return state.phase !== 'over' && (key.split(' ')[1] ?? '') in state.peers;
}

/** Notes what goes missing, and tells of it once it is back or the call is over. */
export class Troubles {
  private readonly open = new Map<string, { cause: Cause; since: number }>();

  /** `now` in ms since the attempt began. Gives the drops that have just ended. */
  see(state: CallState, online: boolean, now: number): Drop[] {
    const missing = missingIn(state, online);
    const ended: Drop[] = [];
    for (const [key, { cause, since }] of this.open) {
      const still = missing.get(key);
      // A device that turns out to be without a network was so from the beginning.
      if (still) this.open.set(key, { cause: still === 'offline' ? still : cause, since });
      else {
        this.open.delete(key);
        ended.push({
          at_ms: since,
          lasted_ms: Math.max(0, now - since),
          cause,
          recovered: isBack(key, state),
        });
      }
    }
    for (const [key, cause] of missing) {
      if (!this.open.has(key)) this.open.set(key, { cause, since: now });
    }
    return ended.filter((drop) => drop.lasted_ms >= SHORTEST_MS || !drop.recovered);
  }

  /** The page goes away, or another attempt begins: what is missing now does not come back in this one. */
  end(now: number): Drop[] {
    const left = [...this.open.values()].map(({ cause, since }) => ({
      at_ms: since,
      lasted_ms: Math.max(0, now - since),
      cause,
      recovered: false,
    }));
    this.open.clear();
    return left;
  }
}
