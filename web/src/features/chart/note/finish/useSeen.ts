import { type RefObject, useLayoutEffect, useState } from 'react';

/** Whether the end of something has been on screen inside what scrolls it; once seen, it stays seen. */
export function useSeen(
  scroller: RefObject<HTMLElement | null>,
  end: RefObject<HTMLElement | null>,
): boolean {
  const [seen, setSeen] = useState(false);
  useLayoutEffect(() => {
    const around = scroller.current;
    if (!around || seen) return;
    const look = () => {
      const bottom = end.current?.getBoundingClientRect().bottom ?? 0;
      // Half a line may hide behind the edge: browsers round to whole pixels.
      if (bottom <= around.getBoundingClientRect().bottom + 8) setSeen(true);
    };
    look();
    const resized = new ResizeObserver(look);
    resized.observe(around);
    around.addEventListener('scroll', look, { passive: true });
    return () => {
      resized.disconnect();
      around.removeEventListener('scroll', look);
    };
  }, [scroller, end, seen]);
  return seen;
}
