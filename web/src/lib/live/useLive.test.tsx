import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { LiveContext } from './LiveProvider';
import { LiveStream } from './stream';
import { useLiveQueries } from './useLive';

it('marks out of date what the page shows now, not what it showed when it opened', () => {
  const client = new QueryClient();
  const invalidated = vi.spyOn(client, 'invalidateQueries');
  const stream = new LiveStream('/api/live');
  const on = vi.spyOn(stream, 'on');
  const { rerender, unmount } = renderHook(
    ({ visit }) => useLiveQueries({ 'visit.changed': ['visit', visit] }),
    {
      initialProps: { visit: 'first' },
      wrapper: ({ children }) => (
        <QueryClientProvider client={client}>
          <LiveContext value={stream}>{children}</LiveContext>
        </QueryClientProvider>
      ),
    },
  );
  rerender({ visit: 'second' });
  const [topic, handler] = on.mock.calls.at(-1) ?? [];
  expect(topic).toBe('visit.changed');
  handler?.({ seq: 1, topic: 'visit.changed', ids: {} });
  expect(invalidated).toHaveBeenCalledExactlyOnceWith({ queryKey: ['visit', 'second'] });
  unmount();
});

it('has what two parts of a page show fetched once for one message', async () => {
  const client = new QueryClient();
  const invalidated = vi.spyOn(client, 'invalidateQueries');
  const stream = new LiveStream('/api/live');
  const on = vi.spyOn(stream, 'on');
  const twoParts = () => {
    useLiveQueries({ 'queue.changed': ['queue'] });
    useLiveQueries({ 'queue.changed': ['queue'] });
  };
  const { unmount } = renderHook(twoParts, {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>
        <LiveContext value={stream}>{children}</LiveContext>
      </QueryClientProvider>
    ),
  });
  const message = { seq: 1, topic: 'queue.changed', ids: {} };
  const heard = () => {
    for (const [, handler] of on.mock.calls) handler(message);
  };
  heard();
  expect(invalidated).toHaveBeenCalledTimes(1);
  await Promise.resolve();
  heard();
  expect(invalidated).toHaveBeenCalledTimes(2);
  unmount();
});
