import { createRoute } from '@tanstack/react-router';
import { patientRoute, staffRoute } from '@/lib/routing/layouts';
import { page } from '@/lib/routing/page';

/** One page in two frames: patients come from their own menu, staff from theirs. */
const ofPatient = createRoute({
  getParentRoute: () => patientRoute,
  path: '/profile',
  ...page(['profile', 'profile/authenticator', 'profile/relations'], () =>
    import('./pages').then(({ ProfilePage }) => ProfilePage()),
  ),
});

const ofStaff = createRoute({
  getParentRoute: () => staffRoute,
  path: '/account',
  ...page(['profile', 'profile/authenticator', 'profile/relations'], () =>
    import('./pages').then(({ ProfilePage }) => ProfilePage()),
  ),
});

export const patient = [ofPatient];
export const staff = [ofStaff];
