import { hashKey, type QueryClient, type QueryKey, useQueryClient } from '@tanstack/react-query';
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

const marked = new Set<string>();

/** Several parts of a page may show the same query: one message has it fetched once. */
function outdate(client: QueryClient, queryKey: QueryKey): void {
  const key = hashKey(queryKey);
  if (marked.has(key)) return;
  marked.add(key);
  queueMicrotask(() => marked.delete(key));
  void client.invalidateQueries({ queryKey });
}

const never = () => () => undefined;
const offline = (): LiveState => (navigator.onLine ? 'reconnecting' : 'offline');

export function useLiveState(): LiveState {
  const stream = use(LiveContext);
  return useSyncExternalStore(stream?.onState ?? never, stream?.state ?? offline);
}
