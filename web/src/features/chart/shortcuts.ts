import { useEffect, useEffectEvent } from 'react';

type Shortcuts = Readonly<Record<string, () => void>>;

/**
 * Alt with a key, by the key's place on the keyboard (`Digit1`, `KeyD`), so that it works in every
 * layout and while one types. The browser's own meaning of the combination is left alone otherwise.
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const run = shortcuts[event.code];
    if (!run) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, []);
}
