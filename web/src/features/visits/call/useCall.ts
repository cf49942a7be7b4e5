import { useEffect, useEffectEvent, useState } from 'react';
import type { LocalMedia } from '@/lib/call/devices';
import { Call } from '@/lib/call/engine';
import type { JoinGrant } from '@/lib/call/state';

/**
 * One call for as long as the component lives, joined with the ticket that is there already. `join` asks the API for
 * another, whenever one is needed.
 */
export function useCall(
  local: LocalMedia,
  grant: JoinGrant,
  join: () => Promise<JoinGrant>,
): Call | null {
  const [call, setCall] = useState<Call | null>(null);
  const ask = useEffectEvent(join);
  const first = useEffectEvent(() => grant);
  useEffect(() => {
    const made = new Call(() => ask(), local);
    made.join(first());
    setCall(made);
    return () => made.dispose();
  }, [local]);
  return call;
}
