import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

/*
 * What one does for a patient from their chart. The pages stand here, above the features, because each puts the form
 * of one feature under the patient's strip of another.
 */
const message = createRoute({
  getParentRoute: () => staffRoute,
  path: '/patients/$patientId/message',
  ...page(['chart', 'messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ MessagePage }) => MessagePage()),
  ),
});

const task = createRoute({
  getParentRoute: () => staffRoute,
  path: '/patients/$patientId/task',
  ...page(['chart', 'followup'], () => import('./pages').then(({ TaskPage }) => TaskPage())),
});

const book = createRoute({
  getParentRoute: () => staffRoute,
  path: '/patients/$patientId/book',
  ...page(['chart', 'visits', 'visits/booking'], () =>
    import('./pages').then(({ BookForPage }) => BookForPage()),
  ),
});

export const staff = [message, task, book];
