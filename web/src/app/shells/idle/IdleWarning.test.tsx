import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Session } from '@/lib/session/session';
import { IdleWarning } from './IdleWarning';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-26T12:00:00Z');
const at = (ms: number) => new Date(START + ms).toISOString();

const SESSION = {
  idle_seconds: 900,
  absolute_expires_at: at(8 * HOUR),
  in_call_expires_at: at(10 * HOUR),
  after_call_seconds: 600,
} as Session;

const sent = vi.fn(() => new Promise<Response>(() => {}));

beforeEach(() => {
  // The computer sleeps: time goes on and no timer runs.
  vi.useFakeTimers({ now: START, toFake: ['Date', 'setInterval'] });
  vi.spyOn(globalThis, 'fetch').mockImplementation(sent as typeof fetch);
  render(
    <QueryClientProvider client={new QueryClient()}>
      <IdleWarning session={SESSION} />
    </QueryClientProvider>,
  );
});

afterEach(() => {
  vi.useRealTimers();
  sent.mockClear();
  document.documentElement.style.display = '';
});

const hidden = () => document.documentElement.style.display === 'none';
const wake = {
  focus: () => window.dispatchEvent(new Event('focus')),
  pageshow: () => window.dispatchEvent(new Event('pageshow')),
  keydown: () => document.body.dispatchEvent(new Event('keydown', { bubbles: true })),
  visibilitychange: () => document.dispatchEvent(new Event('visibilitychange')),
};

it.each(Object.keys(wake) as (keyof typeof wake)[])(
  'covers the page at once when a computer wakes after the end, by %s',
  (event) => {
    vi.setSystemTime(START + 9 * HOUR);
    wake[event]();
    wake[event]();
    expect(hidden()).toBe(true);
    // Signed out once, although the network does not answer yet.
    expect(sent).toHaveBeenCalledOnce();
    expect(sent.mock.calls[0]).toEqual(['/api/session/end', expect.anything()]);
  },
);

it('shows the page as it was when a computer wakes before the end', () => {
  vi.setSystemTime(START + 10 * 60_000);
  for (const each of Object.values(wake)) each();
  expect(hidden()).toBe(false);
  expect(sent).not.toHaveBeenCalledWith('/api/session/end', expect.anything());
});
