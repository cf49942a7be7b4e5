import { useEffect } from 'react';
import type { Peer } from '@/lib/call/protocol';
import type { CallState } from '@/lib/call/state';
import { holdAwake } from '@/lib/session/activity';

/**
 * Who listens touches nothing, and is not signed out in the middle of a conversation. A patient who
 * still waits for the clinician is there, too; a clinician's desk on which a call was left open is not.
 */
export function useAwake({ phase, peers }: CallState, awaited: Peer['role']): void {
  const inCall = phase !== 'idle' && phase !== 'over';
  const there = inCall && (awaited === 'clinician' || Object.keys(peers).length > 0);
  useEffect(() => (there ? holdAwake() : undefined), [there]);
}
