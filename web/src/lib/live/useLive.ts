import {
  hashKey,
  type QueryClient,
  type QueryFilters,
  type QueryKey,
  useQueryClient,
} from '@tanstack/react-query';
import { use, useEffect, useEffectEvent, useSyncExternalStore } from 'react';
import { LiveContext } from './LiveProvider';
import type { LiveHandler, LiveState } from './stream';

/** Calls `handler` for each push of `topic` (`'*'` for all), and once when the stream starts over. */
export function useLive(topic: string, handler: LiveHandler): void {
  const stream = use(LiveContext);
  const onMessage = useEffectEvent(handler);
  useEffect(() => stream?.on(topic, (message) => onMessage(message)), [stream, topic]);
}

/** Marks queries out of date when something they show has changed: `{'queue.changed': ['queue']}`. */
export function useLiveQueries(queries: Readonly<Record<string, QueryKey>>): void {
  const stream = use(LiveContext);
  const client = useQueryClient();
  const onTopic = useEffectEvent((topic: string) => {
    const queryKey = queries[topic];
    if (queryKey) outdate(client, queryKey);
  });
  const topics = Object.keys(queries).join();
  useEffect(() => {
    const stops = topics.split(',').map((topic) => stream?.on(topic, () => onTopic(topic)));
    return () => {
      for (const stop of stops) stop?.();
    };
  }, [stream, topics]);
}

/** What no page shows now may have changed as well: the page that shows it next asks again. */
export function useOutdatedUnseen(): void {
  const client = useQueryClient();
  useLive('*', () => {
    void client.invalidateQueries({ type: 'inactive', refetchType: 'none' });
    askAgainLater(client, { type: 'inactive' });
  });
}

const marked = new Set<string>();

/** Several parts of a page may show the same query: one message has it fetched once. */
function outdate(client: QueryClient, queryKey: QueryKey): void {
  const key = hashKey(queryKey);
  if (marked.has(key)) return;
  marked.add(key);
  queueMicrotask(() => marked.delete(key));
  void client.invalidateQueries({ queryKey });
  askAgainLater(client, { queryKey });
}

/** The first answer to a question that is on its way may be from before the message, and would count as new. */
function askAgainLater(client: QueryClient, which: QueryFilters): void {
  for (const query of client.getQueryCache().findAll({ ...which, fetchStatus: 'fetching' })) {
    const again = () => client.invalidateQueries({ queryKey: query.queryKey, exact: true });
    if (query.state.data === undefined) void query.fetch().then(again, () => undefined);
  }
}

const never = () => () => undefined;
const offline = (): LiveState => (navigator.onLine ? 'reconnecting' : 'offline');

export function useLiveState(): LiveState {
  const stream = use(LiveContext);
  return useSyncExternalStore(stream?.onState ?? never, stream?.state ?? offline);
}
