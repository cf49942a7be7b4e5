import type { QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, redirect } from '@tanstack/react-router';
import {
  homeOf,
  isPatient,
  rememberedClinic,
  type Session,
  sessionQuery,
} from '@/lib/session/session';

interface RouterContext {
  queries: QueryClient;
}

/*
 * The layouts that a page can stand in. `app/router.tsx` gives each its shell and its pages.
 *
 *   openRoute     nobody needs to be signed in (a clinic's page, signing in)
 *   patientRoute  a patient, with the bottom navigation
 *   focusRoute    a patient doing one thing, without navigation (intake, waiting room, call)
 *   staffRoute    clinicians, coordinators, admins, with the rail
 */
export const rootRoute = createRootRouteWithContext<RouterContext>()();

interface Entering {
  context: RouterContext;
  location: { href: string };
}

const forPatients = async ({ context, location }: Entering) => {
  const session = await personOr('sign-in', context, location.href);
  if (!isPatient(session)) throw redirect({ to: homeOf(session) });
};

const forStaff = async ({ context, location }: Entering) => {
  const session = await personOr('staff', context, location.href);
  if (isPatient(session)) throw redirect({ to: homeOf(session) });
};

async function personOr(
  page: 'sign-in' | 'staff',
  { queries }: RouterContext,
  next: string,
): Promise<Session> {
  const session = await queries.ensureQueryData(sessionQuery);
  if (session) return session;
  const slug = rememberedClinic();
  throw slug ? redirect({ href: signInAddress(slug, page, next) }) : redirect({ href: '/' });
}

/** Where to sign in, and to come back to afterwards. `next` is a path of this app. */
export function signInAddress(slug: string, page: 'sign-in' | 'staff', next?: string): string {
  const back = next ? `?next=${encodeURIComponent(next)}` : '';
  return `/c/${encodeURIComponent(slug)}/${page}${back}`;
}

/** A path of our own to go on to, or null: never an address of another site. */
export function safeNext(next: unknown): string | null {
  if (typeof next !== 'string' || !next.startsWith('/')) return null;
  if (!URL.canParse(next, window.location.origin)) return null;
  const url = new URL(next, window.location.origin);
  // `/.//elsewhere.example` is a path of ours that becomes `//elsewhere.example`: another site.
  const ours = url.origin === window.location.origin && !url.pathname.startsWith('//');
  return ours ? `${url.pathname}${url.search}` : null;
}

export const openRoute = createRoute({ getParentRoute: () => rootRoute, id: 'open' });
export const patientRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'patient',
  beforeLoad: forPatients,
});
export const focusRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'focus',
  beforeLoad: forPatients,
});
export const staffRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'staff',
  beforeLoad: forStaff,
});
