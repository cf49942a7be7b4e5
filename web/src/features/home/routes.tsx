import { createRoute, redirect } from '@tanstack/react-router';
import { openRoute, patientRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';
import { homeOf, rememberedClinic, sessionQuery } from '@/lib/session/session';

/** `/` is nobody's page: it leads to the person's own home, or to the clinic's page. */
const start = createRoute({
  getParentRoute: () => openRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery);
    if (session) throw redirect({ to: homeOf(session) });
    const slug = rememberedClinic();
    if (slug) throw redirect({ href: `/c/${encodeURIComponent(slug)}` });
  },
  ...page('home', () => import('./pages').then(({ StartPage }) => StartPage())),
});

const home = createRoute({
  getParentRoute: () => patientRoute,
  path: '/home',
  ...page('home', () => import('./pages').then(({ HomePage }) => HomePage())),
});

const visits = createRoute({
  getParentRoute: () => patientRoute,
  path: '/visits',
  ...page('home', () => import('./pages').then(({ VisitsPage }) => VisitsPage())),
});

const record = createRoute({
  getParentRoute: () => patientRoute,
  path: '/record',
  ...page(['home', 'home/sections'], () =>
    import('./pages').then(({ RecordPage }) => RecordPage()),
  ),
});

const access = createRoute({
  getParentRoute: () => patientRoute,
  path: '/record/access',
  ...page(['home', 'profile/relations'], () =>
    import('./pages').then(({ AccessPage }) => AccessPage()),
  ),
});

export const open = [start];
export const patient = [home, visits, record, access];
