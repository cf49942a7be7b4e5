import { useState } from 'react';
import type { Peer } from '@/lib/call/protocol';
import type { CallState } from '@/lib/call/state';
import { useHeldAwake } from '@/lib/session/useHeldAwake';

/**
 * Who listens touches nothing, and is not signed out in the middle of a conversation. Who waits alone in the
 * call is there, too, but a call that was left open on a desk ends some time. The session's own end moves only with a
 * call that somebody else has been in, as on the server.
 */
export function useAwake({ phase, peers }: CallState, awaited: Peer['role']): void {
  const inCall = phase !== 'idle' && phase !== 'over';
  const alone = awaited === 'clinician' ? 'waiting' : 'visit';
  const together = inCall && Object.keys(peers).length > 0;
  const [met, setMet] = useState(false);
  if (together && !met) setMet(true);
  if (!inCall && met) setMet(false);
  useHeldAwake(inCall ? (together ? 'talking' : alone) : null, inCall && met);
}
