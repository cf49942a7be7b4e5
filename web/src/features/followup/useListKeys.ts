import { useKeys } from '@/lib/keys';

/** `j` opens the next of a list, `k` the one before. */
export function useListKeys(
  ids: readonly string[],
  current: string | null,
  open: (id: string) => void,
): void {
  const move = (by: number) => () => {
    const at = current === null ? -1 : ids.indexOf(current);
    const next = ids[Math.min(Math.max(at + by, 0), ids.length - 1)];
    if (next) open(next);
  };
  useKeys({ j: move(1), k: move(-1) });
}
