import { useEffect } from 'react';
import { type AWAKE_FOR, holdAwake } from './activity';

/** Counts as being there while `awake` says how; null lets the time-out run. */
export function useHeldAwake(awake: keyof typeof AWAKE_FOR | null, inCall = false): void {
  useEffect(() => (awake ? holdAwake(awake, inCall) : undefined), [awake, inCall]);
}
