import { lazy, Suspense, useEffect, useState } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { onUnsent } from '@/lib/session/ending';
import type { Unsent } from '@/lib/session/signOut';

const texts = () => catalogues.load('messaging/outbox');

const Resident = lazy(async () => ({
  default: (await import('@/features/messaging/outbox/Resident')).Resident,
}));

const Mark = lazy(async () => {
  const [{ OutboxMark }] = await Promise.all([
    import('@/features/messaging/outbox/OutboxMark'),
    texts(),
  ]);
  return { default: OutboxMark };
});

const UnsentDialog = lazy(async () => {
  const [dialog] = await Promise.all([import('./UnsentDialog'), texts()]);
  return dialog;
});

/** Sends what waits on this device, and asks about it when its writer signs out. */
export function Outgoing() {
  const [asked, setAsked] = useState<{
    count: number;
    answer: (unsent: Unsent | null) => void;
  } | null>(null);
  useEffect(
    () =>
      onUnsent(
        (count) =>
          new Promise((resolve) => {
            const answer = (unsent: Unsent | null) => {
              setAsked(null);
              resolve(unsent);
            };
            setAsked({ count, answer });
          }),
      ),
    [],
  );
  return (
    <Suspense>
      <Resident />
      {asked && <UnsentDialog count={asked.count} onChosen={asked.answer} />}
    </Suspense>
  );
}

/** What waits to be sent, said on every page. */
export function OutgoingMark({ to }: { to: '/messages' | '/inbox' }) {
  return (
    <Suspense>
      <Mark to={to} />
    </Suspense>
  );
}
