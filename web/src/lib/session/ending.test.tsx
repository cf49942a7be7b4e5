import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import { type Ending, onUnsent, useSignOut } from './ending';
import { onLeaving, type Unsent } from './signOut';

const left: Unsent[] = [];
onLeaving((unsent) => void left.push(unsent));

const sent = vi.fn(async () => new Response());
const gone = vi.fn();
beforeEach(() => {
  left.length = 0;
  vi.spyOn(globalThis, 'fetch').mockImplementation(sent as typeof fetch);
  vi.spyOn(window.location, 'replace').mockImplementation(gone);
  sent.mockClear();
  gone.mockClear();
});

/** Signs out, where asking gives this answer. */
async function signOut(ending: Ending, answer: Unsent | null): Promise<number> {
  const ask = vi.fn(async () => answer);
  onUnsent(ask);
  const { result } = renderHook(() => useSignOut(), {
    wrapper: ({ children }) => (
      <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
    ),
  });
  await result.current(ending);
  return ask.mock.calls.length;
}

it.each<[Ending, Unsent]>([
  ['chosen', 'keep'],
  ['chosen', 'discard'],
  ['everywhere', 'keep'],
])('%s: what is unsent is asked about, and then %s', async (ending, unsent) => {
  expect(await signOut(ending, unsent)).toBe(1);
  await waitFor(() => expect(gone).toHaveBeenCalledOnce());
  expect(left).toEqual([unsent]);
  expect(sent).toHaveBeenCalledOnce();
});

it('keeps everything when a session ends for want of use: nobody is there to be asked', async () => {
  expect(await signOut('idle', 'discard')).toBe(0);
  await waitFor(() => expect(gone).toHaveBeenCalledOnce());
  expect(left).toEqual(['keep']);
});

it('stays signed in when the person would rather stay', async () => {
  await signOut('chosen', null);
  expect(sent).not.toHaveBeenCalled();
  expect(gone).not.toHaveBeenCalled();
  expect(left).toEqual([]);
});
