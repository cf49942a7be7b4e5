import { useEffect, useEffectEvent } from 'react';

/** Where letters belong to whoever is writing, searching or choosing. */
const WRITING = 'input, textarea, select, [role="textbox"], [role="listbox"], [role="combobox"]';

/** Calls back for single letters, unless somebody writes, holds a modifier, or has a dialog open. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (document.querySelector('[role="dialog"]')) return;
    const act = keys[event.key.toLowerCase()];
    if (!act) return;
    event.preventDefault();
    if (!event.repeat) act();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event);
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
}

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || target.closest(WRITING) !== null)
  );
}
