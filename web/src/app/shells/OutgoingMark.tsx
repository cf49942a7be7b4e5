import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';

const Mark = lazy(async () => {
  const [{ OutboxMark }] = await Promise.all([
    import('@/features/messaging/outbox/OutboxMark'),
    catalogues.load('messaging/outbox'),
  ]);
  return { default: OutboxMark };
});

/** What waits to be sent, said on every page. */
export function OutgoingMark({ to }: { to: '/messages' | '/inbox' }) {
  return (
    <Suspense>
      <Mark to={to} />
    </Suspense>
  );
}
