import { createRoute } from '@tanstack/react-router';
import { focusRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

export const focus = [
  createRoute({
    getParentRoute: () => focusRoute,
    path: '/visit/$visitId/call',
    ...page('visits', () => import('./CallPage')),
  }),
];
