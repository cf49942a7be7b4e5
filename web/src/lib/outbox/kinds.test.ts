import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Letter } from './item';
import { declareKind, kindOf } from './kinds';
import { Device } from './testDevice';

interface Note extends Letter {
  kind: 'a_new_kind';
  words: string;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('keeps what is of a kind that this page does not know, and sends it once the kind is known', async () => {
  const taken: string[] = [];
  const device = new Device({ take: ({ id }) => taken.push(id) }, kindOf);
  const tab = device.open();
  const letter: Note = { kind: 'a_new_kind', words: 'Hello' };
  const adding = tab.add(letter);
  await vi.advanceTimersByTimeAsync(120_000);
  const { id } = await adding;
  expect(device.requests).toBe(0);
  expect(device.disk.rows.map((each) => each.id)).toEqual([id]);
  declareKind<Note>({ name: 'a_new_kind', changes: () => [], send: async () => undefined });
  tab.poke();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(taken).toEqual([id]);
  expect(device.disk.rows).toEqual([]);
});
