import { createRoute } from '@tanstack/react-router';
import { focusRoute, openRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';
import { AWAY, NEUTRAL_PAGE } from '@/lib/session/quickExit';

const newVisit = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/new',
  ...page('intake', () => import('./NewVisitPage')),
});

const intake = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/$visitId/intake',
  // The place in the list of screens, so that the browser's own back goes one screen back. A number
  // only: an address tells nothing of what one came for.
  validateSearch: ({ step }): { step?: number } => {
    const place = Number(step);
    return step !== undefined && Number.isInteger(place) && place >= 0 ? { step: place } : {};
  },
  ...page('intake', () => import('./IntakePage')),
});

/** What a quick exit leaves in the history: whoever comes back to it is led away again. */
const away = createRoute({
  getParentRoute: () => openRoute,
  path: AWAY,
  beforeLoad: () => {
    window.location.replace(NEUTRAL_PAGE);
    return new Promise<never>(() => undefined);
  },
});

export const open = [away];
export const focus = [newVisit, intake];
