import { QueryClient, QueryClientProvider, useQuery } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { LiveContext } from './LiveProvider';
import { LiveStream } from './stream';
import { useLiveQueries, useOutdatedUnseen } from './useLive';

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

/** A browser whose stream says what the test says, and a server with one changing answer. */
function browser() {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 30_000 } } });
  const stream = new LiveStream('/api/live');
  const on = vi.spyOn(stream, 'on');
  const say = (topic: string) => {
    for (const [wanted, handler] of on.mock.calls)
      if (wanted === topic || wanted === '*') handler({ seq: 1, topic, ids: {} });
  };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={client}>
      <LiveContext value={stream}>{children}</LiveContext>
    </QueryClientProvider>
  );
  const ask = vi.fn(async () => 'before');
  const page = () => {
    useLiveQueries({ 'task.changed': ['tasks'] });
    return useQuery({ queryKey: ['tasks'], queryFn: ask }).data;
  };
  renderHook(useOutdatedUnseen, { wrapper });
  return { client, say, ask, wrapper, page };
}

it('asks again for what changed while its page was closed', async () => {
  const { say, ask, wrapper, page } = browser();
  const first = renderHook(page, { wrapper });
  await waitFor(() => expect(first.result.current).toBe('before'));
  first.unmount();
  ask.mockResolvedValue('after');
  say('task.changed');
  expect(ask).toHaveBeenCalledOnce();
  const second = renderHook(page, { wrapper });
  await waitFor(() => expect(second.result.current).toBe('after'));
});

it('asks again for what was fetched ahead and changed before its page was opened', async () => {
  const { client, say, ask, wrapper, page } = browser();
  await client.prefetchQuery({ queryKey: ['tasks'], queryFn: ask });
  ask.mockResolvedValue('after');
  say('task.changed');
  const opened = renderHook(page, { wrapper });
  await waitFor(() => expect(opened.result.current).toBe('after'));
});

it.each(['shown', 'fetched ahead'])(
  'does not take an answer that left before the change for the newest: %s',
  async (how) => {
    const { client, say, ask, wrapper, page } = browser();
    let answer = (_: string) => {};
    ask.mockImplementationOnce(() => new Promise((resolve) => (answer = resolve)));
    const ahead =
      how === 'shown' ? undefined : client.prefetchQuery({ queryKey: ['tasks'], queryFn: ask });
    const shown = how === 'shown' ? renderHook(page, { wrapper }) : undefined;
    await waitFor(() => expect(ask).toHaveBeenCalledOnce());
    ask.mockResolvedValue('after');
    say('task.changed');
    answer('before');
    await ahead;
    const { result } = shown ?? renderHook(page, { wrapper });
    await waitFor(() => expect(result.current).toBe('after'));
  },
);
