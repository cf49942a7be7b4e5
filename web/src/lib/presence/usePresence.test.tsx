import { renderHook } from '@testing-library/react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { usePresence } from './usePresence';

const said: string[] = [];
const pages = new Set<string>();
let hidden = false;

beforeEach(() => {
  said.length = 0;
  pages.clear();
  hidden = false;
  vi.spyOn(document, 'hidden', 'get').mockImplementation(() => hidden);
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (path, init) => {
    const { page, asleep } = JSON.parse(String(init?.body));
    pages.add(page);
    said.push(`${String(path).split('/').pop()}${asleep ? ' asleep' : ''}`);
    return new Response();
  });
});
afterEach(() => vi.restoreAllMocks());

function turn(isHidden: boolean) {
  hidden = isHidden;
  document.dispatchEvent(new Event('visibilitychange'));
}

it('tells a page asleep from one in sight, and both from one that closes', () => {
  const { unmount } = renderHook(() => usePresence('/api/visits/7'));
  turn(true);
  turn(false);
  unmount();
  expect(said).toEqual(['here', 'here asleep', 'here', 'away']);
  expect(pages.size).toBe(1);
});

it('does not call a page asleep that has closed, which is hidden after that', () => {
  const { unmount } = renderHook(() => usePresence('/api/visits/7'));
  window.dispatchEvent(new Event('pagehide'));
  turn(true);
  expect(said).toEqual(['here', 'away']);
  hidden = false;
  window.dispatchEvent(new Event('pageshow'));
  expect(said.at(-1)).toBe('here');
  unmount();
});

it('says nothing where nobody is to be present', () => {
  renderHook(() => usePresence(null));
  turn(true);
  expect(said).toEqual([]);
});
