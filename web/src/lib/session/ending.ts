import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { signInAddress } from '@/lib/routing/layouts';
import { isPatient, rememberedClinic, type Session, sessionQuery } from './session';
import { beginLeaving, leave, tellOtherTabs } from './signOut';

/** `everywhere` ends the person's sessions on all their devices. */
export type Ending = 'chosen' | 'idle' | 'everywhere';

const post = (path: string) =>
  fetch(path, { method: 'POST', credentials: 'same-origin' }).catch(() => undefined);

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
export function useSignOut(): (ending: Ending) => void {
  const queries = useQueryClient();
  return useCallback(
    (ending) => {
      const session = queries.getQueryData(sessionQuery.queryKey);
      const to = ending === 'idle' ? backHere(session) : startPage(session);
      beginLeaving();
      const path = ending === 'everywhere' ? '/api/session/end-all' : '/api/session/end';
      void post(path).finally(() => {
        tellOtherTabs();
        void leave(queries, to);
      });
    },
    [queries],
  );
}
