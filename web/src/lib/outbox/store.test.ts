import { beforeEach, expect, it, vi } from 'vitest';
import { sealer } from '@/lib/drafts/drafts';
import { newItem } from './item';
import { DeviceStore } from './store';

const item = (body: string) =>
  newItem({ kind: 'message', threadId: 'one', about: '', body }, Date.now());

beforeEach(() => {
  vi.spyOn(sealer, 'owner').mockResolvedValue(null);
  vi.spyOn(sealer, 'seal').mockResolvedValue(null);
});

it('keeps in memory what cannot be sealed, so that this page sends it, and knows that it would be lost', async () => {
  const store = new DeviceStore();
  const [first, second] = [item('first'), item('second')];
  expect(await store.add(first)).toBe(false);
  expect(await store.add(second)).toBe(false);
  expect(store.holdsUnkept).toBe(true);
  expect(await store.all()).toEqual([first, second]);
  await store.change({ ...first, confirmedAt: 1 });
  expect((await store.all()).map(({ confirmedAt }) => confirmedAt)).toEqual([1, null]);
  await store.remove(first.id);
  expect(await store.all()).toEqual([second]);
  await store.discard();
  expect(store.holdsUnkept).toBe(false);
});
