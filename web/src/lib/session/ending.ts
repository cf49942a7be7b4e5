import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { speaksFor } from '@/lib/api/client';
import { signInAddress } from '@/lib/routing/layouts';
import { isPatient, rememberedClinic, type Session, sessionQuery } from './session';
import { beginLeaving, leave, tellOtherTabs, type Unsent } from './signOut';

/** `everywhere` ends the person's sessions on all their devices. */
export type Ending = 'chosen' | 'idle' | 'everywhere';

const post = (path: string) =>
  fetch(path, { method: 'POST', credentials: 'same-origin', headers: speaksFor() }).catch(
    () => undefined,
  );

type AskUnsent = () => Promise<Unsent | null>;
let askUnsent: AskUnsent = async () => 'keep';

/** Says how to ask what becomes of what was not sent yet: null when the person stays. */
export function onUnsent(ask: AskUnsent): void {
  askUnsent = ask;
}

/** Tells the server that somebody is there. A lost one is made up for by the next. */
export const keepAlive = () => post('/api/session/keep-alive');

/** Where one lands after signing out: the clinic's page, or the staff's door. */
export function startPage(session: Session | null | undefined): string {
  const slug = session?.clinic.slug ?? rememberedClinic();
  if (!slug) return '/';
  return session && !isPatient(session) ? `/c/${slug}/staff` : `/c/${slug}`;
}

/** The door, with the reason why it closed, and the way back to this very page. */
function backHere(session: Session | null | undefined): string {
  const slug = session?.clinic.slug ?? rememberedClinic();
  if (!slug) return '/';
  const { pathname, search } = window.location;
  const door = session && !isPatient(session) ? 'staff' : 'sign-in';
  return `${signInAddress(slug, door, `${pathname}${search}`)}&ended=idle`;
}

/** Signs out: on the server, in every tab, and out of this browser's memory. */
export function useSignOut(): (ending: Ending) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (ending) => {
      // Nobody is there to be asked when a session ends for want of use.
      const unsent = ending === 'idle' ? 'keep' : await askUnsent();
      if (unsent === null) return;
      const session = queries.getQueryData(sessionQuery.queryKey);
      const to = ending === 'idle' ? backHere(session) : startPage(session);
      beginLeaving();
      await post(ending === 'everywhere' ? '/api/session/end-all' : '/api/session/end');
      tellOtherTabs();
      await leave(queries, to, unsent);
    },
    [queries],
  );
}
