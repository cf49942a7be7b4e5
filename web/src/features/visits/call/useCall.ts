import { useEffect, useEffectEvent, useState, useSyncExternalStore } from 'react';
import { LocalMedia } from '@/lib/call/devices';
import { Call } from '@/lib/call/engine';
import type { JoinGrant } from '@/lib/call/state';
import type { Store } from '@/lib/call/store';

/** The value of a store of the call engine, drawn anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.snapshot);
}

/** One call for as long as the component lives. `join` asks the API for a ticket, whenever one is needed. */
export function useCall(join: () => Promise<JoinGrant>): Call | null {
  const [call, setCall] = useState<Call | null>(null);
  const ask = useEffectEvent(join);
  useEffect(() => {
    const local = new LocalMedia();
    const made = new Call(() => ask(), local);
    setCall(made);
    return () => {
      made.dispose();
      local.close();
    };
  }, []);
  return call;
}
