import { createRoute } from '@tanstack/react-router';
import { focusRoute, openRoute, staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const waiting = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/$visitId/waiting',
  ...page('visits', () => import('./waiting/WaitingPage')),
});

const check = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/$visitId/check',
  ...page(['visits', 'visits/check'], () => import('./pages').then(({ CheckPage }) => CheckPage())),
});

const book = createRoute({
  getParentRoute: () => focusRoute,
  path: '/book',
  ...page(['visits', 'visits/booking'], () => import('./pages').then(({ BookPage }) => BookPage())),
});

const reschedule = createRoute({
  getParentRoute: () => focusRoute,
  path: '/visit/$visitId/reschedule',
  ...page(['visits', 'visits/booking'], () =>
    import('./pages').then(({ ReschedulePage }) => ReschedulePage()),
  ),
});

const queue = createRoute({
  getParentRoute: () => staffRoute,
  path: '/queue',
  ...page(['visits', 'visits/queue', 'profile/relations'], () =>
    import('./pages').then(({ QueuePage }) => QueuePage()),
  ),
});

const hours = createRoute({
  getParentRoute: () => staffRoute,
  path: '/hours',
  ...page(['visits', 'visits/queue'], () => import('./pages').then(({ HoursPage }) => HoursPage())),
});

const hoursOf = createRoute({
  getParentRoute: () => staffRoute,
  path: '/hours/$clinicianId',
  ...page(['visits', 'visits/queue'], () => import('./pages').then(({ HoursPage }) => HoursPage())),
});

const calls = createRoute({
  getParentRoute: () => staffRoute,
  path: '/calls',
  ...page('visits/support', () => import('./pages').then(({ HealthPage }) => HealthPage())),
});

const callsOfVisit = createRoute({
  getParentRoute: () => staffRoute,
  path: '/calls/$visitId',
  ...page('visits/support', () => import('./pages').then(({ ConnectionPage }) => ConnectionPage())),
});

const guest = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/guest',
  ...page(['visits', 'visits/guest'], () => import('./pages').then(({ GuestPage }) => GuestPage())),
});

export const open = [guest];
export const focus = [waiting, check, book, reschedule];
export const staff = [queue, hours, hoursOf, calls, callsOfVisit];
