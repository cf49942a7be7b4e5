/**
 * A button is disabled while it waits for its answer, and the browser takes the keyboard from what is disabled. Once the
 * button can be pressed again it gets the keyboard back, unless somebody or something has moved it on meanwhile.
 * Returns what stops it.
 */
export function keepFocus(): () => void {
  let last: EventTarget | null = null;
  let waiting: HTMLButtonElement | null = null;
  const remember = ({ target }: FocusEvent) => {
    last = target;
  };
  // Whoever presses on nothing lets go of the keyboard.
  const forget = () => {
    last = null;
    waiting = null;
  };
  const watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      if (!(target instanceof HTMLButtonElement)) continue;
      if (target.disabled && target === last) waiting = target;
      if (target.disabled || target !== waiting) continue;
      waiting = null;
      if (document.activeElement === document.body) target.focus({ preventScroll: true });
    }
  });
  document.addEventListener('focusin', remember);
  document.addEventListener('pointerdown', forget, true);
  watch.observe(document, { subtree: true, attributes: true, attributeFilter: ['disabled'] });
  return () => {
    document.removeEventListener('focusin', remember);
    document.removeEventListener('pointerdown', forget, true);
    watch.disconnect();
  };
}
