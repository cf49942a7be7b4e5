/** Where a button or link stood: the list whose row it is in, the row's place, and which of its buttons it is. */
interface Place {
  list: Element | null;
  row: number;
  which: number;
}

const ROW = 'li, tr, fieldset';
const PRESSED = 'button, a[href]';

/**
 * Keeps the keyboard where the browser would let it fall to the top of the page. A button is disabled while it waits
 * for its answer, and gets the keyboard back after. Where a row is taken off its list, the same button of the row that
 * moves up gets it, and after the last row the heading above. Whoever has moved on is left alone. Returns what stops it.
 */
export function keepFocus(): () => void {
  let last: HTMLElement | null = null;
  let place: Place | null = null;
  let waiting: HTMLButtonElement | null = null;
  const remember = ({ target }: FocusEvent) => {
    last = target instanceof HTMLElement ? target : null;
    place = last?.matches(PRESSED) ? placeOf(last) : null;
  };
  // Whoever presses on nothing lets go of the keyboard. On what has it already, a press is no new focus.
  const forget = ({ target }: Event) => {
    if (target instanceof Node && last?.contains(target)) return;
    last = null;
    place = null;
    waiting = null;
  };
  const give = (to: HTMLElement | null | undefined) => {
    if (document.activeElement === document.body) to?.focus({ preventScroll: true });
  };
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof HTMLButtonElement)) continue;
      if (target.disabled && target === last) waiting = target;
      if (target.disabled || target !== waiting) continue;
      waiting = null;
      give(target);
    }
    if (!place || last?.isConnected) return;
    const lost = place;
    place = null;
    give(heirOf(lost));
  });
  document.addEventListener('focusin', remember);
  document.addEventListener('pointerdown', forget, true);
  watch.observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['disabled'],
  });
  return () => {
    document.removeEventListener('focusin', remember);
    document.removeEventListener('pointerdown', forget, true);
    watch.disconnect();
  };
}

const pressedIn = (row: Element | null | undefined) => [
  ...(row?.querySelectorAll<HTMLElement>(PRESSED) ?? []),
];

function placeOf(button: HTMLElement): Place {
  const row = button.closest(ROW);
  const list = row?.parentElement ?? null;
  const rows = list ? [...list.children] : [];
  return { list, row: row ? rows.indexOf(row) : 0, which: pressedIn(row).indexOf(button) };
}

function heirOf({ list, row, which }: Place): HTMLElement | null {
  if (!list?.isConnected) return null;
  const next = pressedIn(list.children[Math.min(row, list.children.length - 1)])[which];
  if (next) return next;
  const heading = list.closest('section, main')?.querySelector<HTMLElement>('h1, h2, h3') ?? null;
  if (heading && !heading.hasAttribute('tabindex')) heading.tabIndex = -1;
  return heading;
}
