import { createRoute } from '@tanstack/react-router';
import { openRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

const clinic = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug',
  ...page('identity', () => import('./ClinicPage')),
});

const signIn = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/sign-in',
  ...page('identity', () => import('./SignInPage')),
});

const link = createRoute({
  getParentRoute: () => openRoute,
  path: '/c/$slug/link',
  ...page('identity', () => import('./LinkPage')),
});

export const open = [clinic, signIn, link];
