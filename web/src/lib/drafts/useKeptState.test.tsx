import { act, renderHook, waitFor } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { drafts } from './drafts';
import { useKeptState } from './useKeptState';

it('is there again on the next page, until it is dropped', async () => {
  const device = new Map<string, unknown>();
  vi.spyOn(drafts, 'keep').mockImplementation(async (name, value) => !!device.set(name, value));
  vi.spyOn(drafts, 'read').mockImplementation(async (name) => (device.get(name) ?? null) as never);
  vi.spyOn(drafts, 'drop').mockImplementation((name) => void device.delete(name));
  const page = () => renderHook(() => useKeptState<Record<string, string>>('reasons', {}));

  const first = page();
  await act(async () => first.result.current.set({ a: 'tolerated' }));
  first.unmount();
  const second = page();
  await waitFor(() => expect(second.result.current.value).toEqual({ a: 'tolerated' }));
  act(() => second.result.current.drop());
  second.unmount();
  const third = page();
  await act(async () => undefined);
  expect(third.result.current.value).toEqual({});
});
