import { createRoute } from '@tanstack/react-router';
import { staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const unsent = createRoute({
  getParentRoute: () => staffRoute,
  path: '/unsent',
  ...page(['chart', 'followup', 'messaging', 'messaging/outbox'], () =>
    import('./pages').then(({ UnsentPage }) => UnsentPage()),
  ),
});

export const staff = [unsent];
