import { createRoute } from '@tanstack/react-router';
import { openRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const outbox = createRoute({
  getParentRoute: () => openRoute,
  path: '/demo/outbox',
  ...page('demo', () => import('./pages').then(({ OutboxPage }) => OutboxPage())),
});

export const open = [outbox];
