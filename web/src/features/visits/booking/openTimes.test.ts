import { describe, expect, it } from 'vitest';
import { partOf, timesOf } from './openTimes';

const slot = (time: string, clinician_id: string) => ({
  starts_at: `2026-11-23T${time}:00Z`,
  ends_at: `2026-11-23T${time}:20Z`,
  clinician_id,
  location_id: 'harbor',
});

describe('the times of a day', () => {
  const open = [slot('14:00', 'amara'), slot('14:00', 'daniel'), slot('13:00', 'daniel')];

  it('are offered once each, in order, with whoever has more time', () => {
    expect(timesOf(open, null)).toEqual([slot('13:00', 'daniel'), slot('14:00', 'daniel')]);
  });

  it('are those of one clinician when one was chosen', () => {
    expect(timesOf(open, 'amara')).toEqual([slot('14:00', 'amara')]);
    expect(timesOf(open, 'nobody')).toEqual([]);
  });
});

describe('the part of the day', () => {
  it.each([
    ['2026-11-23T05:00:00Z', 'America/New_York', 'morning'],
    ['2026-11-23T17:00:00Z', 'America/New_York', 'afternoon'],
    ['2026-11-23T22:00:00Z', 'America/New_York', 'evening'],
    ['2026-11-23T17:00:00Z', 'America/Los_Angeles', 'morning'],
  ])('of %s in %s is the %s', (moment, zone, part) => {
    expect(partOf(moment, zone)).toBe(part);
  });
});
