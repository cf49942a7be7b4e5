import type { QueryClient } from '@tanstack/react-query';

const SIGNED_OUT = 'carethread-signed-out';

/** What must not outlive a sign-in (drafts, caches) registers here to be wiped. */
const wipers = new Set<() => void | Promise<void>>();

export function wipeOnSignOut(wipe: () => void | Promise<void>): void {
  wipers.add(wipe);
}

/** Empties what this tab knows of the person and goes to a page that needs nobody. */
export async function leave(queries: QueryClient, to: string): Promise<void> {
  queries.clear();
  await Promise.allSettled([...wipers].map((wipe) => wipe()));
  window.location.replace(to);
}

/** Tells the other tabs of this browser that the person has signed out. */
export function tellOtherTabs(): void {
  const channel = new BroadcastChannel(SIGNED_OUT);
  channel.postMessage(null);
  channel.close();
}

export function onOtherTabSignedOut(listener: () => void): () => void {
  const channel = new BroadcastChannel(SIGNED_OUT);
  channel.onmessage = listener;
  return () => channel.close();
}
