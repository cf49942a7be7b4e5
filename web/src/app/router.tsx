import { createRouter, lazyRouteComponent } from '@tanstack/react-router';
import * as admin from '@/features/admin/routes';
import * as chart from '@/features/chart/routes';
import * as demo from '@/features/demo/routes';
import * as followup from '@/features/followup/routes';
import * as home from '@/features/home/routes';
import * as identity from '@/features/identity/routes';
import * as intake from '@/features/intake/routes';
import * as messaging from '@/features/messaging/routes';
import * as profile from '@/features/profile/routes';
import * as staffSignIn from '@/features/staff-sign-in/routes';
import * as call from '@/features/visits/call/routes';
import * as visits from '@/features/visits/routes';
import { catalogues } from '@/lib/i18n/catalogues';
import { focusRoute, openRoute, patientRoute, rootRoute, staffRoute } from '@/lib/routing/layouts';
import { arriving } from '@/lib/routing/notLoaded';
import { NotFound } from '@/ui/states/PageState';
import { PageSkeleton } from '@/ui/states/Skeletons';
import * as encounter from './encounter/routes';
import { Nowhere } from './Nowhere';
import * as patient from './patient/routes';
import { queries } from './queries';
import { Root } from './Root';
import { FrameError, RouteError } from './RouteError';
import { OpenShell } from './shells/OpenShell';
import * as unsent from './unsent/routes';

const shells = () => import('./shells/pages');

/** A patient's frame, with the texts of its places and its menu. */
async function patientShell() {
  const [shell] = await Promise.all([
    shells().then(({ PatientShell }) => PatientShell()),
    catalogues.load('profile/menu'),
  ]);
  return shell;
}

/** The clinic's frame, with the texts that only staff read. */
async function staffShell() {
  const [shell] = await Promise.all([
    shells().then(({ StaffShell }) => StaffShell()),
    import('./unsent/staffKinds'),
    catalogues.load('admin/signing'),
    catalogues.load('chart/strip'),
    catalogues.load('messaging/outbox'),
    catalogues.load('profile/menu'),
    catalogues.load('visits/staff'),
  ]);
  return shell;
}

/*
 * Every page of the app, by the layout that it stands in. A feature's routes.tsx exports a list for
 * each layout that it has pages for; add it here and it is on the map.
 */
const routeTree = rootRoute.update({ component: Root, notFoundComponent: Nowhere }).addChildren([
  openRoute
    .update({ component: OpenShell })
    .addChildren([
      ...home.open,
      ...identity.open,
      ...staffSignIn.open,
      ...demo.open,
      ...visits.open,
    ]),
  patientRoute
    .update({
      component: lazyRouteComponent(arriving(patientShell), 'PatientShell'),
      errorComponent: FrameError,
    })
    .addChildren([...home.patient, ...profile.patient, ...chart.patient, ...messaging.patient]),
  focusRoute
    .update({
      component: lazyRouteComponent(
        arriving(() => import('./shells/FocusShell')),
        'FocusShell',
      ),
      errorComponent: FrameError,
    })
    .addChildren([...intake.focus, ...visits.focus, ...call.focus]),
  staffRoute
    .update({
      component: lazyRouteComponent(arriving(staffShell), 'StaffShell'),
      errorComponent: FrameError,
    })
    .addChildren([
      ...visits.staff,
      ...chart.staff,
      ...profile.staff,
      ...admin.staff,
      ...encounter.staff,
      ...patient.staff,
      ...unsent.staff,
      ...messaging.staff,
      ...followup.staff,
    ]),
]);

export const router = createRouter({
  routeTree,
  context: { queries },
  defaultPreload: 'intent',
  defaultPendingComponent: PageSkeleton,
  defaultErrorComponent: RouteError,
  defaultNotFoundComponent: NotFound,
  scrollRestoration: true,
});

// What `to` and `params` may be: a link that leads nowhere does not compile.
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
