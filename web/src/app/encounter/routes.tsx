import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

/*
 * The clinician's visit stands here, above the features, because it brings the call of one and the
 * chart of another together.
 */
export const staff = [
  createRoute({
    getParentRoute: () => staffRoute,
    path: '/encounter/$visitId',
    ...page(
      ['chart', 'chart/sections', 'visits', 'visits/queue', 'visits/people', 'profile/relations'],
      () => import('./pages').then(({ EncounterPage }) => EncounterPage()),
    ),
  }),
];
