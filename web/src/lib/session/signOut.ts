import type { QueryClient } from '@tanstack/react-query';

const SIGNED_OUT = 'carethread-signed-out';

/** What must not outlive a sign-in (drafts, caches) registers here to be wiped. */
const wipers = new Set<() => void | Promise<void>>();

export function wipeOnSignOut(wipe: () => void | Promise<void>): void {
  wipers.add(wipe);
}

let leaving = false;

/** From here on this tab goes to where whoever signs out is sent, whatever it hears of the session's end. */
export function beginLeaving(): void {
  leaving = true;
}

export const isLeaving = (): boolean => leaving;

/** Empties what this tab knows of the person and goes to a page that needs nobody. */
export async function leave(queries: QueryClient, to: string): Promise<void> {
  queries.clear();
  await Promise.allSettled([...wipers].map((wipe) => wipe()));
  window.location.replace(to);
}

/** One for the tab: what it says reaches every other channel of this name, also those of its own page. */
let channel: BroadcastChannel | undefined;
function tabs(): BroadcastChannel {
  channel ??= new BroadcastChannel(SIGNED_OUT);
  return channel;
}

/** Tells the other tabs of this browser that the person has signed out. */
export const tellOtherTabs = (): void => tabs().postMessage(null);

export function onOtherTabSignedOut(listener: () => void): () => void {
  tabs().onmessage = listener;
  return () => {
    tabs().onmessage = null;
  };
}
