import { useEffect, useRef } from 'react';
import { useKeys } from '@/lib/keys';

/** `j` opens the next of a list, `k` the one before; also after the one that was open has left the list. */
export function useListKeys(
  ids: readonly string[],
  current: string | null,
  open: (id: string) => void,
): void {
  const found = current === null ? -1 : ids.indexOf(current);
  const last = useRef(0);
  useEffect(() => {
    if (found >= 0) last.current = found;
  }, [found]);
  const go = (to: number) => {
    const next = ids[Math.min(Math.max(to, 0), ids.length - 1)];
    if (next) open(next);
  };
  useKeys({
    // What came after the one that is gone stands in its place now.
    j: () => go(found >= 0 ? found + 1 : last.current),
    k: () => go((found >= 0 ? found : last.current) - 1),
  });
}
