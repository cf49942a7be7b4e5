import { type ComponentType, useEffect, useState } from 'react';
import { Resident } from '@/features/messaging/outbox/Resident';
import { countUnsent } from '@/lib/outbox/device';
import { onUnsent } from '@/lib/session/ending';
import type { Unsent } from '@/lib/session/signOut';
import { loadUnsentDialog } from './loadUnsentDialog';
import type { UnsentDialogProps } from './UnsentDialog';

interface Asked {
  Dialog: ComponentType<UnsentDialogProps>;
  count: number;
  answer: (unsent: Unsent | null) => void;
}

/** Sends what waits on this device, and asks about it when its writer signs out. */
export function Outgoing() {
  const [asked, setAsked] = useState<Asked | null>(null);
  useEffect(() => onUnsent(() => ask(setAsked).finally(() => setAsked(null))), []);
  return (
    <>
      <Resident />
      {asked && <asked.Dialog count={asked.count} onChosen={asked.answer} />}
    </>
  );
}

/** Where nobody can be asked, nothing is thrown away. */
async function ask(show: (asked: Asked) => void): Promise<Unsent | null> {
  const count = await countUnsent();
  if (count === 0) return 'keep';
  const Dialog = await loadUnsentDialog().catch(() => null);
  if (!Dialog) return 'keep';
  return new Promise((answer) => show({ Dialog, count, answer }));
}
