import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const people = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/people',
  ...page('admin', () => import('./pages').then(({ PeoplePage }) => PeoplePage())),
});

const clinic = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/clinic',
  ...page('admin', () => import('./pages').then(({ ClinicPage }) => ClinicPage())),
});

const visitTypes = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/visit-types',
  ...page('admin', () => import('./VisitTypesPage')),
});

const locations = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/locations',
  ...page('admin', () => import('./pages').then(({ LocationsPage }) => LocationsPage())),
});

const audit = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/audit',
  ...page(['admin', 'visits/queue'], () => import('./pages').then(({ AuditPage }) => AuditPage())),
});

const stuckWork = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/stuck-work',
  ...page('admin', () => import('./pages').then(({ StuckWorkPage }) => StuckWorkPage())),
});

const confirmations = createRoute({
  getParentRoute: () => staffRoute,
  path: '/confirmations',
  ...page('admin', () => import('./pages').then(({ ConfirmationsPage }) => ConfirmationsPage())),
});

const privacy = createRoute({
  getParentRoute: () => staffRoute,
  path: '/privacy',
  ...page('admin', () => import('./pages').then(({ PrivacyPage }) => PrivacyPage())),
});

export const staff = [
  people,
  clinic,
  locations,
  visitTypes,
  audit,
  stuckWork,
  confirmations,
  privacy,
];
