import { describe, expect, it } from 'vitest';
import { dayInAYear, endOfDay } from './days';

describe('the end of a day is that of the clinic', () => {
  it.each([
    ['2027-01-15', 'America/New_York', '2027-01-16T04:59:59.000Z'],
    ['2027-07-15', 'America/New_York', '2027-07-16T03:59:59.000Z'],
    // Clocks change on these days, and on the eve of them.
    ['2027-03-14', 'America/New_York', '2027-03-15T03:59:59.000Z'],
    ['2027-03-13', 'America/New_York', '2027-03-14T04:59:59.000Z'],
    ['2027-11-07', 'America/New_York', '2027-11-08T04:59:59.000Z'],
    ['2027-07-15', 'Pacific/Auckland', '2027-07-15T11:59:59.000Z'],
  ])('%s in %s', (day, zone, moment) => {
    expect(endOfDay(day, zone)).toBe(moment);
  });

  it('a year from now is counted where the clinic is', () => {
    const lateEvening = new Date('2026-03-09T03:30:00Z');
    expect(dayInAYear(lateEvening, 'America/New_York')).toBe('2027-03-08');
    expect(dayInAYear(lateEvening, 'Europe/Madrid')).toBe('2027-03-09');
    expect(dayInAYear(new Date('2028-02-29T12:00:00Z'), 'UTC')).toBe('2029-03-01');
  });
});
