import type { QueryClient } from '@tanstack/react-query';

const SIGNED_OUT = 'carethread-signed-out';

/** Whether what no server has yet stays on this device, sealed, until its writer signs in again. */
export type Unsent = 'keep' | 'discard';

interface Kept {
  /** How much of what this person wrote has reached no server. */
  unsent: () => Promise<number>;
  /** The person goes: forgets what opens it, and what there is of it too if they discard it. */
  leave: (unsent: Unsent) => void | Promise<void>;
}

const keepers = new Set<Kept>();

/** What keeps anything of a person on this device registers here. */
export function onLeaving(kept: Kept): void {
  keepers.add(kept);
}

export async function countUnsent(): Promise<number> {
  const counts = await Promise.all([...keepers].map((kept) => kept.unsent()));
  return counts.reduce((sum, count) => sum + count, 0);
}

let leaving = false;

/** From here on this tab goes to where whoever signs out is sent, whatever it hears of the session's end. */
export function beginLeaving(): void {
  leaving = true;
}

export const isLeaving = (): boolean => leaving;

/** Empties what this tab knows of the person and goes to a page that needs nobody. */
export async function leave(queries: QueryClient, to: string, unsent: Unsent): Promise<void> {
  queries.clear();
  await Promise.allSettled([...keepers].map((kept) => kept.leave(unsent)));
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
