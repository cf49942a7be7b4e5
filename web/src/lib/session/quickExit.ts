import type { QueryClient } from '@tanstack/react-query';
import { beginLeaving, leave, tellOtherTabs } from './signOut';

/** Where a quick exit leads: a page that nobody asks about. */
export const NEUTRAL_PAGE = 'https://www.weather.gov/';
/** Stands in the history for what was left, and leads on to the neutral page (`intake/routes.tsx`). */
export const AWAY = '/away';

const PATIENCE_MS = 400;

/**
 * Leaves at once, as if one had never been here: signs out, empties this device, and goes to a neutral
 * page. Back does not return, for our entries in the history are dropped and the first leads away again.
 */
export async function quickExit(queries: QueryClient): Promise<void> {
  beginLeaving();
  document.documentElement.hidden = true;
  void fetch('/api/session/end', { method: 'POST', credentials: 'same-origin', keepalive: true });
  tellOtherTabs();
  await dropTrail();
  localStorage.clear();
  sessionStorage.clear();
  await leave(queries, NEUTRAL_PAGE);
}

/** Goes to the first of our entries, renames it, and drops those after it by opening a new one. */
async function dropTrail(): Promise<void> {
  const behind = Number((history.state as { __TSR_index?: number } | null)?.__TSR_index ?? 0);
  if (behind > 0) {
    const moved = new Promise((resolve) =>
      window.addEventListener('popstate', resolve, { once: true, capture: true }),
    );
    history.go(-behind);
    await Promise.race([moved, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  }
  // Past the router, which need not hear of it.
  History.prototype.replaceState.call(history, null, '', AWAY);
  History.prototype.pushState.call(history, null, '', AWAY);
}
