import { createRoute } from '@tanstack/react-router';
import { openRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const signIn = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/staff',
  ...page(['staff-sign-in', 'profile/authenticator'], () =>
    import('./pages').then(({ StaffSignInPage }) => StaffSignInPage()),
  ),
});

const invite = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/invite',
  ...page(['staff-sign-in', 'profile/authenticator'], () =>
    import('./pages').then(({ InvitePage }) => InvitePage()),
  ),
});

const freeze = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/freeze',
  ...page('staff-sign-in', () => import('./pages').then(({ FreezePage }) => FreezePage())),
});

export const open = [signIn, invite, freeze];
