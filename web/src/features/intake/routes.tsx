import { createRoute } from '@tanstack/react-router';
import { focusRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const newVisit = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/new',
  ...page(['intake', 'intake/start'], () => import('./start/NewVisitPage')),
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

const adult = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/$visitId/adult',
  ...page(['intake', 'profile/relations'], () => import('./AdultPage')),
});

export const focus = [newVisit, intake, adult];
