import { createRoute } from '@tanstack/react-router';
import { openRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const signIn = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/staff',
  ...page(['staff-sign-in', 'profile/authenticator'], () => import('./StaffSignInPage')),
});

const invite = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/invite',
  ...page(['staff-sign-in', 'profile/authenticator'], () => import('./InvitePage')),
});

const freeze = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/freeze',
  ...page('staff-sign-in', () => import('./FreezePage')),
});

export const open = [signIn, invite, freeze];
