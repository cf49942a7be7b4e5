import { describe, expect, it } from 'vitest';
import { inDays, pressure } from './due';

const now = new Date('2026-03-08T06:30:00Z');

describe('how pressing a task is', () => {
  it.each([
    ['2026-03-08T06:29:59Z', 'overdue'],
    ['2026-03-08T06:30:00Z', 'today'],
    ['2026-03-09T06:29:59Z', 'today'],
    ['2026-03-09T06:30:00Z', 'later'],
  ] as const)('%s is %s', (due, expected) => {
    expect(pressure(due, now)).toBe(expected);
  });
});

it('puts a task off by whole days', () => {
  expect(new Date(inDays(3, now)).getDate()).toBe(new Date('2026-03-11T06:30:00Z').getDate());
});
