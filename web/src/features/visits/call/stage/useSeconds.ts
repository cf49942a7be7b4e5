import { useEffect, useState } from 'react';

/** Whole seconds from now until a moment (ms of the page's clock), counting down; null without one. */
export function useSecondsUntil(moment: number | null): number | null {
  const now = useTicking(moment !== null);
  return moment === null ? null : Math.max(0, Math.ceil((moment - now) / 1000));
}

/** The page's clock in ms, ticking four times a second while it is needed. */
export function useTicking(needed: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!needed) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [needed]);
  return now;
}
