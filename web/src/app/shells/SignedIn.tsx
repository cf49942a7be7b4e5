import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { suggestLocale } from '@/lib/i18n/locale';
import { LiveProvider } from '@/lib/live/LiveProvider';
import { useLive, useLiveState, useOutdatedUnseen } from '@/lib/live/useLive';
import { backHere, startPage } from '@/lib/session/ending';
import { isPatient, sessionQuery, usePerson } from '@/lib/session/session';
import { isLeaving, onOtherTabSignedOut, useGone } from '@/lib/session/signOut';
import { IdleWarning } from './idle/IdleWarning';

/** Few act for somebody else, so the others do not wait for it. */
const Whom = lazy(async () => {
  const [module] = await Promise.all([import('./Whom'), catalogues.load('profile/relations')]);
  return module;
});

/** On every page of whoever may act for somebody else: for whom they are here. */
export function WhomStrip({ children }: { children?: ReactNode }) {
  const { relationship, patients } = usePerson();
  return (
    (relationship || patients.length > 1) && (
      <Suspense>
        <Whom>{children}</Whom>
      </Suspense>
    )
  );
}

/** A page that loads while the connection drops is better without it than not at all. */
const Background = lazy<ComponentType>(() =>
  import('./Background').catch(() => ({ default: () => null })),
);

/**
 * Stands around every page that needs somebody: opens the live stream, warns before the time-out,
 * and goes to the sign-in page when the session has ended, here or in another tab.
 */
export function SignedIn({ children }: { children: ReactNode }) {
  return useGone() ? null : <Present>{children}</Present>;
}

function Present({ children }: { children: ReactNode }) {
  const { data: session } = useQuery(sessionQuery);
  const ended = session === null;
  const byServer = useRef(false);
  const patientId = session?.patient_id;
  const about = useRef(patientId);

  // Everything on the page is about one patient.
  useEffect(() => {
    if (about.current && patientId && about.current !== patientId) window.location.reload();
    about.current = patientId;
  }, [patientId]);

  useEffect(() => {
    if (session) void suggestLocale(session.locale);
  }, [session]);

  useEffect(
    () =>
      onOtherTabSignedOut((how) =>
        window.location.replace(how === 'chosen' ? startPage(session) : backHere(how)),
      ),
    [session],
  );

  useEffect(() => {
    if (!ended || isLeaving()) return;
    window.location.replace(backHere(byServer.current ? 'elsewhere' : 'over'));
  }, [ended]);

  if (!session) return null;
  if (isPatient(session) && !session.patient_id)
    return (
      <Suspense>
        <Whom choosing={session} />
      </Suspense>
    );
  return (
    <LiveProvider key={`${session.account_id}${session.patient_id}`} after={session.live_after}>
      {children}
      <Suspense>
        <Background />
      </Suspense>
      <EndedElsewhere
        sessionId={session.session_id}
        onEnd={() => {
          byServer.current = true;
        }}
      />
      <IdleWarning session={session} />
    </LiveProvider>
  );
}

interface EndedElsewhereProps {
  sessionId: string;
  onEnd: () => void;
}

/** Asks who is signed in when the server ended a session, or closed the stream without a word. */
function EndedElsewhere({ sessionId, onEnd }: EndedElsewhereProps) {
  const client = useQueryClient();
  const state = useLiveState();
  useOutdatedUnseen();
  useLive('session.ended', ({ ids }) => {
    if (ids.session_id === sessionId) onEnd();
    void client.invalidateQueries(sessionQuery);
  });
  useLive('session.acting', () => void client.invalidateQueries(sessionQuery));
  useEffect(() => {
    if (state === 'reconnecting') void client.invalidateQueries(sessionQuery);
  }, [state, client]);
  return null;
}
