import { useEffect, useEffectEvent, useState } from 'react';
import type { Phase } from '@/lib/call/state';

/** A page that was loaded anew within this time after it was in the call goes on by itself. */
const SOON_MS = 60_000;

const keyOf = (visitId: string) => `call:${visitId}`;

/**
 * Whether this tab was in the call of this visit when its page was loaded anew, a moment ago: then
 * `goOn` is called once, and nobody has to press anything for the others to see them again.
 */
export function useCutOff(visitId: string, goOn: () => Promise<void>): boolean {
  const [cutOff] = useState(() => {
    const at = Number(sessionStorage.getItem(keyOf(visitId)) ?? 0);
    return Date.now() - at < SOON_MS;
  });
  const resume = useEffectEvent(goOn);
  useEffect(() => {
    if (!cutOff || sessionStorage.getItem(keyOf(visitId)) === null) return;
    sessionStorage.removeItem(keyOf(visitId));
    void resume();
  }, [cutOff, visitId]);
  return cutOff;
}

/** Keeps for `useCutOff` that this tab was in the call when its page went away. */
export function useRememberedCall(visitId: string, phase: Phase): void {
  const inCall = phase === 'in_call' || phase === 'reconnecting';
  useEffect(() => {
    if (!inCall) return;
    const leaving = () => sessionStorage.setItem(keyOf(visitId), String(Date.now()));
    window.addEventListener('pagehide', leaving);
    return () => window.removeEventListener('pagehide', leaving);
  }, [inCall, visitId]);
}
