import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';

/**
 * Something that opens in place, as a form under its button does. Closed, it gives the keyboard back to what had it
 * before; where that is gone, to `otherwise`, so that nobody starts again at the top of the page.
 */
export function useOpened<T>(otherwise?: RefObject<HTMLElement | null>) {
  const [opened, setOpened] = useState<T | null>(null);
  const before = useRef<Element | null>(null);
  const closed = useRef(false);
  const current = useRef<T | null>(null);
  useEffect(() => {
    if (opened !== null || !closed.current) return;
    closed.current = false;
    if (!giveTo(before.current)) giveTo(otherwise?.current ?? null);
  }, [opened, otherwise]);
  return {
    opened,
    open: (what: T) => {
      if (opened === null) before.current = document.activeElement;
      current.current = what;
      setOpened(what);
    },
    close: () => {
      closed.current = true;
      current.current = null;
      setOpened(null);
    },
    /** Whether this is what stands open, also where it was asked before something else was opened. */
    isOpen: (what: T) => current.current === what,
  };
}

/** Closes a form on Escape, but not on one that closes a list of choices or gives up a half-written character. */
export const onEscape = (close: () => void) => (event: KeyboardEvent) => {
  if (event.key !== 'Escape' || event.defaultPrevented || event.nativeEvent.isComposing) return;
  if ((event.target as Element).getAttribute('aria-expanded') === 'true') return;
  event.stopPropagation();
  close();
};

function giveTo(element: Element | null): boolean {
  if (!(element instanceof HTMLElement) || !element.isConnected || element === document.body) {
    return false;
  }
  element.focus();
  return document.activeElement === element;
}
