import { lazy, Suspense, useEffect, useState } from 'react';
import { Resident } from '@/features/messaging/outbox/Resident';
import { catalogues } from '@/lib/i18n/catalogues';
import { countUnsent } from '@/lib/outbox/device';
import { onUnsent } from '@/lib/session/ending';
import type { Unsent } from '@/lib/session/signOut';

const UnsentDialog = lazy(async () => {
  const [dialog] = await Promise.all([
    import('./UnsentDialog'),
    catalogues.load('messaging/outbox'),
  ]);
  return dialog;
});

interface Asked {
  count: number;
  answer: (unsent: Unsent | null) => void;
}

/** Sends what waits on this device, and asks about it when its writer signs out. Loaded behind every page. */
export default function Outgoing() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(
    () =>
      onUnsent(async () => {
        const count = await countUnsent();
        if (count === 0) return 'keep';
        const chosen = await new Promise<Unsent | null>((answer) => setAsked({ count, answer }));
        setAsked(null);
        return chosen;
      }),
    [],
  );
  return (
    <>
      <Resident />
      {asked && (
        <Suspense>
          <UnsentDialog count={asked.count} onChosen={asked.answer} />
        </Suspense>
      )}
    </>
  );
}
