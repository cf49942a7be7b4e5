import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { suggestLocale } from '@/lib/i18n/locale';
import { LiveProvider } from '@/lib/live/LiveProvider';
import { useLiveQueries, useLiveState } from '@/lib/live/useLive';
import { signInAddress } from '@/lib/routing/layouts';
import { startPage } from '@/lib/session/ending';
import { rememberedClinic, sessionQuery } from '@/lib/session/session';
import { isLeaving, onOtherTabSignedOut } from '@/lib/session/signOut';
import { IdleWarning } from './IdleWarning';

const Outgoing = lazy(() => import('./Outgoing'));

/**
 * Stands around every page that needs somebody: opens the live stream, warns before the time-out,
 * and goes to the sign-in page when the session has ended, here or in another tab.
 */
export function SignedIn({ children }: { children: ReactNode }) {
  const { data: session } = useQuery(sessionQuery);
  const ended = session === null;

  useEffect(() => {
    if (session) void suggestLocale(session.locale);
  }, [session]);

  useEffect(
    () => onOtherTabSignedOut(() => window.location.replace(startPage(session))),
    [session],
  );

  useEffect(() => {
    if (!ended || isLeaving()) return;
    const { pathname, search } = window.location;
    window.location.replace(signInAfterEnd(`${pathname}${search}`));
  }, [ended]);

  if (!session) return null;
  return (
    <LiveProvider key={session.account_id}>
      {children}
      <Suspense>
        <Outgoing />
      </Suspense>
      <EndedElsewhere />
      <IdleWarning session={session} />
    </LiveProvider>
  );
}

/** Asks who is signed in when the server ended a session, or closed the stream without a word. */
function EndedElsewhere() {
  const client = useQueryClient();
  const state = useLiveState();
  useLiveQueries(ENDINGS);
  useEffect(() => {
    if (state === 'reconnecting') void client.invalidateQueries(sessionQuery);
  }, [state, client]);
  return null;
}

const ENDINGS = { 'session.ended': sessionQuery.queryKey };

const STAFF_PATHS =
  /^\/(queue|hours|encounter|patients|followup|inbox|admin|confirmations|account)(\/|$)/;

function signInAfterEnd(next: string): string {
  const slug = rememberedClinic();
  if (!slug) return '/';
  return signInAddress(slug, STAFF_PATHS.test(next) ? 'staff' : 'sign-in', next);
}
