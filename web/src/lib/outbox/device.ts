import type { QueryKey } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { drafts } from '@/lib/drafts/drafts';
import { isLeaving, onLeaving } from '@/lib/session/signOut';
import type { Item } from './item';
import { kindOf, whenDeclared } from './kinds';
import { isWritten, type Written } from './messages';
import { type Entry, Outbox, type Standing } from './outbox';
import { DeviceStore } from './store';

const NAME = 'carethread-outbox';
const LOCK_PATIENCE_MS = 40_000;

type Refetch = (queryKeys: readonly QueryKey[]) => Promise<unknown>;
let refetch: Refetch = async () => undefined;
const store = new DeviceStore();
const channel = new BroadcastChannel(NAME);

/** One tab at a time. Where that cannot be had, or the tab that has it sleeps, the ids keep each item single. */
async function alone(run: () => Promise<void>): Promise<void> {
  let begun = false;
  const once = () => {
    begun = true;
    return run();
  };
  if (!navigator.locks) return once();
  try {
    const signal = AbortSignal.timeout(LOCK_PATIENCE_MS);
    await navigator.locks.request(NAME, { signal }, once);
  } catch (error) {
    if (begun) throw error;
    await once();
  }
}

/** Spreads the tries of all devices, which lost the connection together. */
function later(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms * (0.75 + Math.random() / 2));
  return () => clearTimeout(timer);
}

/** What waits on this device to be sent by whoever is signed in. */
export const outbox = new Outbox({
  store,
  kindOf,
  onSettled: ({ letter }) => refetch(kindOf(letter)?.changes(letter) ?? []),
  now: Date.now,
  later,
  alone,
  tell: () => channel.postMessage(null),
});
whenDeclared(outbox.poke);

/** Begins, for the person who is signed in; `fetchAgain` gets what is out of date. Returns a way to stop. */
export function startSending(fetchAgain: Refetch): () => void {
  refetch = fetchAgain;
  channel.onmessage = outbox.told;
  const wake = () => document.visibilityState === 'visible' && outbox.poke();
  const ask = (event: BeforeUnloadEvent) => {
    if ((store.holdsUnkept || drafts.holdsUnkept) && !isLeaving()) event.preventDefault();
  };
  window.addEventListener('online', outbox.poke);
  window.addEventListener('beforeunload', ask);
  document.addEventListener('visibilitychange', wake);
  void store.clearAway().catch(() => undefined);
  outbox.poke();
  return () => {
    channel.onmessage = null;
    window.removeEventListener('online', outbox.poke);
    window.removeEventListener('beforeunload', ask);
    document.removeEventListener('visibilitychange', wake);
  };
}

onLeaving(async (unsent) => {
  outbox.close();
  if (unsent === 'discard') await store.discard();
});

/** How much of what this person did has reached no server, with texts that they were writing. */
export async function countUnsent(): Promise<number> {
  const waiting = outbox
    .snapshot()
    .filter(({ item, standing }) => standing !== 'sent' && (!isUnlisted(item) || !item.refused));
  return waiting.length + (await drafts.count());
}

const UNSENT = new Set<Standing>(['waiting', 'held', 'old', 'lapsed', 'refused']);
const isUnlisted = ({ letter }: Item): boolean => kindOf(letter)?.unlisted === true;

/** What is not sent, and not just being sent either. */
export const useUnsent = (): readonly Entry[] =>
  useOutbox().filter(({ item, standing }) => !isUnlisted(item) && UNSENT.has(standing));

export const isWrittenEntry = (entry: Entry): entry is Entry<Written> => isWritten(entry.item);

export const useOutbox = (): readonly Entry[] =>
  useSyncExternalStore(outbox.subscribe, outbox.snapshot);
