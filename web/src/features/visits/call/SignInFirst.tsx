import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { arriving } from '@/lib/routing/notLoaded';
import { usePerson } from '@/lib/session/session';
import { useNow } from '@/lib/time/useNow';
import type { Visit } from '../model';

/** Rare: a sign-in that is nearly at its time limit. */
const AskSignIn = lazy(
  arriving(async () => {
    const [module] = await Promise.all([import('./AskSignIn'), catalogues.load('profile/idle')]);
    return module;
  }),
);

/** No visit type is longer (`visit_types.schemas.Length`). */
const LONGEST_MS = 240 * 60_000;

/** Before a call: asks for a new sign-in where the time limit would come before the visit's end. */
export function SignInFirst({ visit, short = false }: { visit: Visit; short?: boolean }) {
  const { absolute_expires_at: end } = usePerson();
  const left = Date.parse(end) - useNow().getTime();
  if (left > LONGEST_MS) return null;
  return (
    <Suspense>
      <AskSignIn visit={visit} end={end} left={left} short={short} />
    </Suspense>
  );
}
