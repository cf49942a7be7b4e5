import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const people = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/people',
  ...page('admin', () => import('./PeoplePage')),
});

const clinic = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/clinic',
  ...page('admin', () => import('./ClinicPage')),
});

const visitTypes = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/visit-types',
  ...page('admin', () => import('./VisitTypesPage')),
});

const audit = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/audit',
  ...page(['admin', 'visits/queue'], () => import('./AuditPage')),
});

const stuckWork = createRoute({
  getParentRoute: () => staffRoute,
  path: '/admin/stuck-work',
  ...page('admin', () => import('./stuckWork/StuckWorkPage')),
});

const confirmations = createRoute({
  getParentRoute: () => staffRoute,
  path: '/confirmations',
  ...page('admin', () => import('./ConfirmationsPage')),
});

const privacy = createRoute({
  getParentRoute: () => staffRoute,
  path: '/privacy',
  ...page('admin', () => import('./privacy/PrivacyPage')),
});

export const staff = [people, clinic, visitTypes, audit, stuckWork, confirmations, privacy];
