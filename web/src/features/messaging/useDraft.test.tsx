import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { drafts } from '@/lib/drafts/drafts';
import { useDraft } from './useDraft';

it('keeps what was written also when the page is left at once, and nothing that was sent', async () => {
  vi.spyOn(drafts, 'read').mockResolvedValue(null);
  const kept = vi.spyOn(drafts, 'keep').mockResolvedValue(true);
  const dropped = vi.spyOn(drafts, 'drop').mockReturnValue();
  const { result, unmount } = renderHook(() => useDraft('message.1'));
  await act(async () => result.current.write('It itches'));
  unmount();
  expect(kept).toHaveBeenCalledExactlyOnceWith('message.1', 'It itches');

  const again = renderHook(() => useDraft('message.1'));
  await act(async () => again.result.current.write('It itches less'));
  await act(async () => again.result.current.clear());
  again.unmount();
  expect(kept).toHaveBeenCalledOnce();
  expect(dropped).toHaveBeenCalled();
});
