import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const queue = createRoute({
  getParentRoute: () => staffRoute,
  path: '/followup',
  ...page(['followup', 'visits/queue'], () =>
    import('./pages').then(({ FollowupPage }) => FollowupPage()),
  ),
});

const task = createRoute({
  getParentRoute: () => staffRoute,
  path: '/followup/$taskId',
  ...page(['followup', 'visits/queue'], () =>
    import('./pages').then(({ FollowupPage }) => FollowupPage()),
  ),
});

export const staff = [queue, task];
