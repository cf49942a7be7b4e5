import type { QueryClient } from '@tanstack/react-query';
import { beginLeaving, forget, tellOtherTabs } from './signOut';

/** Where a quick exit leads: a page that nobody asks about. */
const NEUTRAL_PAGE = 'https://www.weather.gov/';
/** What waits to be sent lies here, see `lib/outbox`. */
export const DATABASE = 'carethread';
const GONE = 'gone';
const PATIENCE_MS = 250;

/**
 * Leaves at once, as if one had never been here: signs out, empties this device, and goes to a neutral
 * page in place of this one. Whoever then goes back in this tab is led away again, see `stayAway`.
 */
export function quickExit(queries: QueryClient): void {
  beginLeaving();
  document.documentElement.hidden = true;
  void fetch('/api/session/end', { method: 'POST', credentials: 'same-origin', keepalive: true });
  tellOtherTabs('chosen');
  localStorage.clear();
  sessionStorage.clear();
  sessionStorage.setItem(GONE, '1');
  forget(queries);
  const gone = () => window.location.replace(NEUTRAL_PAGE);
  // What waited to be sent goes as well, but nobody who has to be quick waits for a slow disk.
  const deleting = indexedDB.deleteDatabase(DATABASE);
  deleting.onsuccess = gone;
  setTimeout(gone, PATIENCE_MS);
}

/** Leads away whoever comes back by the browser's own 'back' after a quick exit. Runs before anything is shown. */
export function stayAway(): void {
  const back = (event?: PageTransitionEvent) => {
    const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    const returned = event ? event.persisted : entry?.type === 'back_forward';
    if (!returned || sessionStorage.getItem(GONE) === null) return;
    document.documentElement.hidden = true;
    window.location.replace(NEUTRAL_PAGE);
  };
  back();
  window.addEventListener('pageshow', back);
}
