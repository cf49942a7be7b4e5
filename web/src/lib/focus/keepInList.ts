const PRESSED = 'button, a[href]';

/**
 * A row that is about to be taken off its list: once it is gone, the keyboard goes to the same button of the row that
 * has moved up, and after the last one to `otherwise`. Without this it falls back to the top of the page.
 */
export function keepInList(button: HTMLElement, otherwise: HTMLElement | null): void {
  const row = button.closest('li');
  const list = row?.parentElement;
  if (!row || !list) return;
  const place = [...list.children].indexOf(row);
  const which = [...row.querySelectorAll(PRESSED)].indexOf(button);
  const watch = new MutationObserver(() => {
    if (row.isConnected) return;
    watch.disconnect();
    clearTimeout(stop);
    if (document.activeElement !== document.body) return;
    const next = list.children[Math.min(place, list.children.length - 1)];
    const same = next?.querySelectorAll<HTMLElement>(PRESSED)[which];
    (same?.isConnected ? same : otherwise)?.focus();
  });
  watch.observe(document.body, { childList: true, subtree: true });
  const stop = setTimeout(() => watch.disconnect(), 60_000);
}
