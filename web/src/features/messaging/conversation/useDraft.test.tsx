import { act, renderHook } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { drafts } from '@/lib/drafts/drafts';
import { useDraft } from './useDraft';

it('keeps what was written also when the page is left at once, and what is sent until that is kept elsewhere', async () => {
  vi.spyOn(drafts, 'read').mockResolvedValue(null);
  const kept = vi.spyOn(drafts, 'keep').mockResolvedValue(true);
  const dropped = vi.spyOn(drafts, 'drop').mockReturnValue();
  const { result, unmount } = renderHook(() => useDraft('message.1'));
  await act(async () => result.current.write('It itches'));
  unmount();
  expect(kept).toHaveBeenCalledExactlyOnceWith('message.1', 'It itches');

  const again = renderHook(() => useDraft('message.1'));
  await act(async () => again.result.current.write('It itches less'));
  let keptElsewhere = () => {};
  const sending = new Promise<void>((done) => {
    keptElsewhere = done;
  });
  await act(async () => again.result.current.clear(sending));
  expect(dropped).not.toHaveBeenCalled();
  await act(async () => keptElsewhere());
  expect(dropped).toHaveBeenCalledExactlyOnceWith('message.1');
  again.unmount();
  expect(kept).toHaveBeenCalledOnce();
});
