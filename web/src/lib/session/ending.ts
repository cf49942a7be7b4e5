import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { speaksFor } from '@/lib/api/client';
import { signInAddress } from '@/lib/routing/layouts';
import { isPatient, rememberedClinic, type Session, sessionQuery } from './session';
import { beginLeaving, leave, tellOtherTabs, type Unsent } from './signOut';

/** `everywhere` ends the person's sessions on all their devices; `limit` is the session's longest life. */
export type Ending = 'chosen' | 'everywhere' | OwnEnding;
type OwnEnding = 'idle' | 'limit';

const isOwn = (ending: Ending): ending is OwnEnding => ending === 'idle' || ending === 'limit';

/** Why a session is over, as the door says it: 'elsewhere' by another device or the clinic, 'over' is not known. */
export const REASONS = ['idle', 'limit', 'elsewhere', 'over'] as const;
export type Reason = (typeof REASONS)[number];

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

const STAFF_PATHS =
  /^\/(queue|hours|encounter|patients|followup|inbox|admin|confirmations|account)(\/|$)/;

/** The door, with the reason why it closed, and the way back to this very page. */
export function backHere(reason: Reason): string {
  const slug = rememberedClinic();
  if (!slug) return '/';
  const { pathname, search } = window.location;
  const door = STAFF_PATHS.test(pathname) ? 'staff' : 'sign-in';
  return `${signInAddress(slug, door, `${pathname}${search}`)}&ended=${reason}`;
}

/** Signs out: on the server, in every tab, and out of this browser's memory. */
export function useSignOut(): (ending: Ending) => Promise<void> {
  const queries = useQueryClient();
  return useCallback(
    async (ending) => {
      // Nobody is there to be asked when a session ends by itself.
      const unsent = isOwn(ending) ? 'keep' : await askUnsent();
      if (unsent === null) return;
      const session = queries.getQueryData(sessionQuery.queryKey);
      const to = isOwn(ending) ? backHere(ending) : startPage(session);
      beginLeaving();
      await post(ending === 'everywhere' ? '/api/session/end-all' : '/api/session/end');
      tellOtherTabs(isOwn(ending) ? ending : 'chosen');
      await leave(queries, to, unsent);
    },
    [queries],
  );
}
