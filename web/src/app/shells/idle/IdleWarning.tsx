import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { Activity } from '@/lib/session/activity';
import { keepAlive, useSignOut } from '@/lib/session/ending';
import type { Session } from '@/lib/session/session';

const IdleDialog = lazy(async () => {
  const [dialog] = await Promise.all([import('./IdleDialog'), catalogues.load('profile/idle')]);
  return dialog;
});

const WARN_MS = 2 * 60_000;

interface Left {
  seconds: number;
  /** The session has reached its longest life: staying is not offered. */
  final: boolean;
}

/** Warns two minutes before the session ends, for want of use or at its longest life, and then ends it. */
export function IdleWarning({ session }: { session: Session }) {
  const signOut = useSignOut();
  const activity = useRef<Activity>(null);
  const [left, setLeft] = useState<Left | null>(null);
  const idleAfter = session.idle_seconds * 1_000;
  const end = Date.parse(session.absolute_expires_at);
  const inCallEnd = Date.parse(session.in_call_expires_at);
  const afterCall = session.after_call_seconds * 1_000;

  useEffect(() => {
    const watched = new Activity(() => void keepAlive());
    watched.start();
    activity.current = watched;
    return () => watched.stop();
  }, []);

  useEffect(() => {
    const tick = () => {
      const now = Date.now();
      const unused = idleAfter - (activity.current?.idleFor(now) ?? 0);
      const limits = { end, inCallEnd, afterCall };
      const rest = (activity.current?.endOf(limits, now) ?? end) - now;
      const ms = Math.min(unused, rest);
      const final = rest < WARN_MS;
      setLeft(ms > WARN_MS ? null : { seconds: Math.max(0, Math.ceil(ms / 1000)), final });
      if (ms > 0) return;
      clearInterval(timer);
      activity.current?.stop();
      // Nothing of the page is seen while signing out waits for a network that is not back yet.
      document.documentElement.style.display = 'none';
      signOut(rest <= unused ? 'limit' : 'idle');
    };
    const timer = setInterval(tick, 1_000);
    if (activity.current) activity.current.onWake = tick;
    return () => clearInterval(timer);
  }, [idleAfter, end, inCallEnd, afterCall, signOut]);

  const stay = () => {
    activity.current?.touched();
    void keepAlive();
    setLeft(null);
  };
  if (left === null) return null;
  return (
    <Suspense>
      <IdleDialog
        secondsLeft={left.seconds}
        final={left.final}
        onStay={stay}
        onSignInAgain={() => signOut('limit')}
        onSignOut={() => signOut('chosen')}
      />
    </Suspense>
  );
}
