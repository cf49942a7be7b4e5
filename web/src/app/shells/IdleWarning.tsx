import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { Activity } from '@/lib/session/activity';
import { keepAlive, useSignOut } from '@/lib/session/ending';
import type { Session } from '@/lib/session/session';

const IdleDialog = lazy(() => import('./IdleDialog'));

const WARN_MS = 2 * 60_000;

/** Warns two minutes before the session ends for want of use, and ends it when nobody answers. */
export function IdleWarning({ session }: { session: Session }) {
  const signOut = useSignOut();
  const activity = useRef<Activity>(null);
  const [secondsLeft, setSecondsLeft] = useState<number | null>(null);
  const limit = session.idle_seconds * 1_000;
  const absoluteEnd = Date.parse(session.absolute_expires_at);

  useEffect(() => {
    const watched = new Activity(() => void keepAlive());
    watched.start();
    activity.current = watched;
    return () => watched.stop();
  }, []);

  useEffect(() => {
    const tick = () => {
      const now = Date.now();
      const left = Math.min(limit - (activity.current?.idleFor(now) ?? 0), absoluteEnd - now);
      setSecondsLeft(left > WARN_MS ? null : Math.max(0, Math.ceil(left / 1000)));
      if (left > 0) return;
      clearInterval(timer);
      signOut('idle');
    };
    const timer = setInterval(tick, 1_000);
    return () => clearInterval(timer);
  }, [limit, absoluteEnd, signOut]);

  const stay = () => {
    activity.current?.used();
    void keepAlive();
    setSecondsLeft(null);
  };
  if (secondsLeft === null) return null;
  return (
    <Suspense>
      <IdleDialog
        secondsLeft={secondsLeft}
        final={absoluteEnd - Date.now() <= WARN_MS}
        onStay={stay}
        onSignOut={() => signOut('chosen')}
      />
    </Suspense>
  );
}
