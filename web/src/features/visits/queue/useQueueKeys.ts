import { type RefObject, useEffect } from 'react';

const ROW = '[data-queue-row]';
const MAIN = '[data-main-action]';
const ADMIT = '[data-admit]';
const TYPING = 'input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"]';

/**
 * j and k (or the arrows) walk through the rows; a admits the one in focus, or the first who can be.
 * Enter is the row's own. Nothing happens while somebody types or a dialog is open.
 */
export function useQueueKeys(list: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.target instanceof Element && event.target.closest(TYPING)) return;
      const rows = [...(list.current?.querySelectorAll<HTMLElement>(ROW) ?? [])];
      const here = rows.findIndex((row) => row.contains(document.activeElement));
      const focus = (place: number) => {
        event.preventDefault();
        rows[Math.min(Math.max(place, 0), rows.length - 1)]?.focus();
      };
      if (event.key === 'j' || event.key === 'ArrowDown') focus(here + 1);
      else if (event.key === 'k' || event.key === 'ArrowUp') focus(here === -1 ? 0 : here - 1);
      else if (event.key === 'a') press(rows[here] ?? rows.find((row) => find(row, ADMIT)), ADMIT);
      else if (event.key === 'Enter' && event.target === rows[here]) press(rows[here], MAIN);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [list]);
}

const find = (row: HTMLElement | undefined, what: string) =>
  row?.querySelector<HTMLElement>(what) ?? null;

const press = (row: HTMLElement | undefined, what: string) => find(row, what)?.click();
