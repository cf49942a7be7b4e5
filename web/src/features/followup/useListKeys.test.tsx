import { render } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { useListKeys } from './useListKeys';

const open = vi.fn();

function List({ ids, current }: { ids: string[]; current: string | null }) {
  useListKeys(ids, current, open);
  return null;
}

/** What the keys open, of a list from which the open one may have gone. */
async function pressed(key: string, before: string[], current: string | null, now = before) {
  open.mockClear();
  const { rerender, unmount } = render(<List ids={before} current={current} />);
  rerender(<List ids={now} current={current} />);
  await userEvent.keyboard(key);
  unmount();
  return open.mock.calls.flat();
}

it('walks down and up', async () => {
  const ids = ['a', 'b', 'c'];
  expect(await pressed('j', ids, null)).toEqual(['a']);
  expect(await pressed('j', ids, 'b')).toEqual(['c']);
  expect(await pressed('k', ids, 'b')).toEqual(['a']);
  expect(await pressed('j', ids, 'c')).toEqual(['c']);
});

it('goes on where a task stood that was closed just now', async () => {
  expect(await pressed('j', ['a', 'b', 'c', 'd'], 'c', ['a', 'b', 'd'])).toEqual(['d']);
  expect(await pressed('k', ['a', 'b', 'c', 'd'], 'c', ['a', 'b', 'd'])).toEqual(['b']);
});
