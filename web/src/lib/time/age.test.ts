import { describe, expect, it } from 'vitest';
import { age } from './age';

const TODAY = new Date(2026, 2, 8);
const days = (count: number) => {
  const at = new Date(Date.UTC(2026, 2, 8 - count));
  return at.toISOString().slice(0, 10);
};

describe('age', () => {
  it.each([
    ['1984-03-09', 'year', 41],
    ['1984-03-08', 'year', 42],
    ['2024-03-08', 'year', 2],
    ['2024-03-09', 'month', 23],
    ['2025-12-08', 'month', 3],
    ['2025-08-31', 'month', 6],
    [days(84), 'month', 2],
    [days(83), 'week', 11],
    [days(42), 'week', 6],
    [days(14), 'week', 2],
    [days(13), 'day', 13],
    [days(1), 'day', 1],
    [days(0), 'day', 0],
    [days(-1), 'day', 0],
  ] as const)('of somebody born on %s is told in %ss: %i', (born, unit, count) => {
    expect(age(born, TODAY)).toEqual({ unit, count });
  });
});
