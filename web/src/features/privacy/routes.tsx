import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

export const staff = [
  createRoute({
    getParentRoute: () => staffRoute,
    path: '/privacy',
    ...page('privacy', () => import('./PrivacyPage')),
  }),
];
