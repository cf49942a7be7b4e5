import { describe, expect, it } from 'vitest';
import { daysAway, makeTimes, plainDate, relative, relativeDay } from './useTimes';

const now = new Date('2026-03-08T12:00:00Z');

describe('times', () => {
  it('says how long ago in the largest unit that is at least one', () => {
    expect(relative('2026-03-08T11:55:00Z', now, 'en', 'UTC')).toBe('5 minutes ago');
    expect(relative('2026-03-06T11:00:00Z', now, 'es', 'UTC')).toBe('anteayer');
    expect(relative('2026-03-08T12:00:20Z', now, 'en', 'UTC')).toBe('now');
  });

  // At 12:00 in London on March 8; each pair: how long ago or ahead it is, and what belongs to a day.
  it.each([
    ['2026-03-08T15:00:00Z', 'in 3 hours', 'in 3 hours'],
    ['2026-03-09T11:30:00Z', 'in 23 hours', 'tomorrow'],
    ['2026-03-09T23:30:00Z', 'tomorrow', 'tomorrow'],
    ['2026-03-10T11:30:00Z', 'in 2 days', 'in 2 days'],
    ['2026-03-07T20:00:00Z', '16 hours ago', 'yesterday'],
    ['2026-03-07T01:00:00Z', 'yesterday', 'yesterday'],
    ['2026-03-06T23:00:00Z', '2 days ago', '2 days ago'],
  ])('names another day as the calendar does: %s', (moment, ago, day) => {
    expect(relative(moment, now, 'en', 'Europe/London')).toBe(ago);
    expect(relativeDay(moment, now, 'en', 'Europe/London')).toBe(day);
  });

  it('counts days as the calendar of the zone does', () => {
    const lateEvening = '2026-03-09T03:30:00Z';
    expect(daysAway(lateEvening, now, 'America/New_York')).toBe(0);
    expect(daysAway(lateEvening, now, 'Europe/Madrid')).toBe(1);
  });

  it('writes the same moment in two zones, daylight saving included', () => {
    const moment = '2026-03-08T07:30:00Z';
    expect(makeTimes('en', 'America/New_York').timeWithZone(moment)).toMatch(/3:30.AM EDT/);
    expect(makeTimes('en', 'America/Denver').timeWithZone(moment)).toMatch(/12:30.AM MST/);
  });

  it('writes Spanish times by the clock that its readers live by', () => {
    const afternoon = makeTimes('es', 'America/New_York').time('2026-03-08T18:05:00Z');
    expect(afternoon).toMatch(/^2:05.p\..?m\.$/);
  });

  it('writes a birth date as it is, wherever the reader is', () => {
    expect(plainDate('1984-02-29', 'en')).toBe('February 29, 1984');
  });
});
