import { describe, expect, it } from 'vitest';
import { inDays, pressure } from './due';

// 1:30 in the morning in New York, on a day of 23 hours.
const now = new Date('2026-03-08T06:30:00Z');

describe('how pressing a task is', () => {
  it.each([
    ['2026-03-08T06:29:59Z', 'overdue'],
    ['2026-03-08T06:30:00Z', 'today'],
    ['2026-03-09T03:59:59Z', 'today'],
    ['2026-03-09T04:00:00Z', 'later'],
    ['2026-03-09T05:30:00Z', 'later'],
  ] as const)('%s is %s', (due, expected) => {
    expect(pressure(due, now, 'America/New_York')).toBe(expected);
  });
});

it('puts a task off by whole days', () => {
  expect(new Date(inDays(3, now)).getDate()).toBe(new Date('2026-03-11T06:30:00Z').getDate());
});
