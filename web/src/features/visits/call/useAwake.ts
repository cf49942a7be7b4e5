import type { Peer } from '@/lib/call/protocol';
import type { CallState } from '@/lib/call/state';
import { useHeldAwake } from '@/lib/session/useHeldAwake';

/**
 * Who listens touches nothing, and is not signed out in the middle of a conversation. Who waits alone in the
 * call is there, too, but a call that was left open on a desk ends some time.
 */
export function useAwake({ phase, peers }: CallState, awaited: Peer['role']): void {
  const inCall = phase !== 'idle' && phase !== 'over';
  const alone = awaited === 'clinician' ? 'waiting' : 'visit';
  const awake = Object.keys(peers).length > 0 ? 'talking' : alone;
  useHeldAwake(inCall ? awake : null, inCall);
}
