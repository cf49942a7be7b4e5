import type { QueryClient } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { flushSync } from 'react-dom';

const SIGNED_OUT = 'carethread-signed-out';

/** Whether what no server has yet stays on this device, sealed, until its writer signs in again. */
export type Unsent = 'keep' | 'discard';

type Leave = (unsent: Unsent) => void | Promise<void>;
const leaves = new Set<Leave>();

/** Calls back when the person goes, to forget what is theirs on this page, and on this device if they discard it. */
export function onLeaving(leave: Leave): void {
  leaves.add(leave);
}

let leaving = false;

/** From here on this tab goes to where whoever signs out is sent, whatever it hears of the session's end. */
export function beginLeaving(): void {
  leaving = true;
}

export const isLeaving = (): boolean => leaving;

let gone = false;
const frames = new Set<() => void>();

/** Whether the person of this page is gone, and what is drawn for them with them. */
export function useGone(): boolean {
  return useSyncExternalStore(
    (frame) => {
      frames.add(frame);
      return () => frames.delete(frame);
    },
    () => gone,
  );
}

/** Empties what this tab shows and knows of the person. The screen goes first: it cannot be drawn without them. */
export function forget(queries: QueryClient): void {
  gone = true;
  flushSync(() => {
    for (const frame of frames) frame();
  });
  queries.clear();
}

/** Empties what this tab knows of the person and goes to a page that needs nobody. */
export async function leave(queries: QueryClient, to: string, unsent: Unsent): Promise<void> {
  forget(queries);
  await Promise.allSettled([...leaves].map((each) => each(unsent)));
  window.location.replace(to);
}

/** One for the tab: what it says reaches every other channel of this name, also those of its own page. */
let channel: BroadcastChannel | undefined;
function tabs(): BroadcastChannel {
  channel ??= new BroadcastChannel(SIGNED_OUT);
  return channel;
}

type How = 'chosen' | 'idle' | 'limit';

/** Tells the other tabs of this browser that the person has signed out, or was. */
export const tellOtherTabs = (how: How): void => tabs().postMessage(how);

export function onOtherTabSignedOut(listener: (how: How) => void): () => void {
  tabs().onmessage = ({ data }: MessageEvent<How>) => listener(data);
  return () => {
    tabs().onmessage = null;
  };
}
