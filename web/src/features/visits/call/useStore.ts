import { useSyncExternalStore } from 'react';
import type { Store } from '@/lib/call/store';

/** The value of a store of the call engine, drawn anew when it changes. */
export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.snapshot);
}
