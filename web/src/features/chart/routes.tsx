import { createRoute } from '@tanstack/react-router';
import { patientRoute, staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

export const patient = [
  createRoute({
    getParentRoute: () => patientRoute,
    path: '/visits/$visitId',
    ...page('chart', () => import('./pages').then(({ VisitSummaryPage }) => VisitSummaryPage())),
  }),
];

export const staff = [
  createRoute({
    getParentRoute: () => staffRoute,
    path: '/patients',
    ...page('chart', () => import('./pages').then(({ PatientsPage }) => PatientsPage())),
  }),
  createRoute({
    getParentRoute: () => staffRoute,
    path: '/patients/$patientId',
    ...page(['chart', 'chart/sections'], () =>
      import('./pages').then(({ PatientPage }) => PatientPage()),
    ),
  }),
];
