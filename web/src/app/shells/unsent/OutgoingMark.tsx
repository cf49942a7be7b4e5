import { lazy, Suspense } from 'react';
import { loadUnsentDialog } from './loadUnsentDialog';

const Mark = lazy(async () => {
  const [{ OutboxMark }] = await Promise.all([
    import('@/features/messaging/outbox/OutboxMark'),
    loadUnsentDialog(),
  ]);
  return { default: OutboxMark };
});

/** What waits to be sent, said on every page. */
export function OutgoingMark({ to }: { to: '/messages' | '/unsent' }) {
  return (
    <Suspense>
      <Mark to={to} />
    </Suspense>
  );
}
