import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { LiveContext } from '@/lib/live/LiveProvider';
import { type LiveHandler, LiveStream } from '@/lib/live/stream';
import { type Waiting, waitingQuery } from '../model';
import { usePlace } from './usePlace';

const VISIT = 'v1';
const KEY = waitingQuery(VISIT).queryKey;
const SHOWN = {
  visit: { id: VISIT, status: 'waiting' },
  ahead: 4,
  clinicians: 1,
  estimate: { low: 20, likely: 30, high: 40 },
  running_late: null,
} as Waiting;

function open() {
  const client = new QueryClient();
  const stream = new LiveStream('/api/live');
  const on = vi.spyOn(stream, 'on');
  client.setQueryData(KEY, SHOWN);
  renderHook(() => usePlace(VISIT), {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>
        <LiveContext value={stream}>{children}</LiveContext>
      </QueryClientProvider>
    ),
  });
  const [, handler] = on.mock.calls.at(-1) ?? [];
  return { client, hear: handler as LiveHandler, fetched: vi.spyOn(client, 'invalidateQueries') };
}

const told = (visit_id: string, place: object) => ({
  seq: 1,
  topic: 'waiting.changed',
  ids: { visit_id, place: JSON.stringify(place) },
});

it('shows the place that it is told, and asks for nothing', () => {
  const { client, hear, fetched } = open();
  hear(told(VISIT, { ahead: 3, clinicians: 2, estimate: null }));
  expect(client.getQueryData(KEY)).toEqual({
    ...SHOWN,
    ahead: 3,
    clinicians: 2,
    estimate: null,
  });
  expect(fetched).not.toHaveBeenCalled();
});

it("leaves another visit's place alone", () => {
  const { client, hear, fetched } = open();
  hear(told('v2', { ahead: 0, clinicians: 1, estimate: null }));
  expect(client.getQueryData(KEY)).toEqual(SHOWN);
  expect(fetched).not.toHaveBeenCalled();
});

it('asks again when the stream starts over, and when an older answer may still come', () => {
  const { client, hear, fetched } = open();
  hear({ seq: 9, topic: 'live.reset', ids: {} });
  expect(fetched).toHaveBeenCalledExactlyOnceWith({ queryKey: KEY });
  vi.spyOn(client, 'isFetching').mockReturnValue(1);
  hear(told(VISIT, { ahead: 3, clinicians: 2, estimate: null }));
  expect(fetched).toHaveBeenCalledTimes(2);
});
