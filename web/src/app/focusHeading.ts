const heading = () => document.querySelector<HTMLElement>('[data-page-heading]');

/**
 * Puts the focus on the page's heading, or on the page until its heading has been loaded. Somebody
 * who has moved on by themselves is left where they are. Returns what gives up waiting.
 */
export function focusHeading(): () => void {
  const main = document.getElementById('main');
  const place = heading() ?? main;
  place?.focus({ preventScroll: true });
  if (!main || place !== main) return () => undefined;
  const late = new MutationObserver(() => {
    const found = heading();
    if (!found) return;
    late.disconnect();
    const { activeElement } = document;
    if (activeElement === main || activeElement === document.body) {
      found.focus({ preventScroll: true });
    }
  });
  late.observe(main, { childList: true, subtree: true });
  return () => late.disconnect();
}
