import { describe, expect, it } from 'vitest';
import { dayEnd, dayStart } from '@/lib/time/days';
import { periodProblems } from './audit';

describe('a day in the clinic’s zone', () => {
  it.each([
    ['2026-01-15', 'America/New_York', '2026-01-15T05:00:00.000Z', 24],
    ['2026-03-08', 'America/New_York', '2026-03-08T05:00:00.000Z', 23],
    ['2026-11-01', 'America/New_York', '2026-11-01T04:00:00.000Z', 25],
    ['2026-07-04', 'Asia/Kolkata', '2026-07-03T18:30:00.000Z', 24],
  ])('%s in %s begins at %s and has %d hours', (day, zone, start, hours) => {
    expect(dayStart(day, zone)).toBe(start);
    const long = Date.parse(dayEnd(day, zone)) - Date.parse(dayStart(day, zone));
    expect(long / 3_600_000).toBe(hours);
  });
});

describe('a period', () => {
  it.each([
    ['', '', {}],
    ['2026-11-20', '2026-11-20', {}],
    ['2026-11-21', '2026-11-20', { to: 'ends_before_it_begins' }],
    ['20261-11-20', '', { from: 'invalid_date' }],
    ['', '0026-11-20', { to: 'invalid_date' }],
  ])('from %s to %s', (from, to, expected) => {
    expect(periodProblems({ from, to })).toEqual(expected);
  });

  it('of which a day is half typed is not searched as if it had none', () => {
    expect(periodProblems({ from: '', to: '' }, ['to'])).toEqual({ to: 'invalid_date' });
  });
});
