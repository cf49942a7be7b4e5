import { describe, expect, it } from 'vitest';
import { alwaysOpen, dayName, daySpans, sameDays } from './hours';

const HOURS = {
  mon: [
    ['08:00', '12:00'],
    ['13:00', '17:30'],
  ],
  tue: [
    ['08:00', '12:00'],
    ['13:00', '17:30'],
  ],
  wed: [['08:00', '12:00']],
};

/** Formatters put narrow and thin spaces where people type plain ones. */
const plain = (text: string) => text.replaceAll(/\s/g, ' ');

describe('opening hours', () => {
  it('names days and times in the reader’s language', () => {
    expect(dayName('wed', 'es')).toBe('miércoles');
    expect(plain(daySpans(HOURS, 'mon', 'en') ?? '')).toBe('8:00 AM – 12:00 PM, 1:00 – 5:30 PM');
    expect(daySpans(HOURS, 'sun', 'en')).toBe('');
    expect(plain(daySpans(HOURS, 'mon', 'es') ?? '')).toMatch(/^8:00 a\.? ?m\. – 12:00 p\.? ?m\./);
  });

  it('names no dates where a day ends at midnight', () => {
    const hours = { fri: [['18:00', '24:00']], sat: [['00:00', '24:00']] };
    expect(plain(daySpans(hours, 'fri', 'en') ?? '')).toBe('6:00 PM – 12:00 AM');
    expect(daySpans(hours, 'sat', 'en')).toBeNull();
  });

  it('puts days with the same hours together', () => {
    expect(sameDays(HOURS)).toEqual([['mon', 'tue'], ['wed'], ['thu', 'fri', 'sat', 'sun']]);
  });

  it('knows a clinic that never closes', () => {
    const day = [['00:00', '24:00']];
    const week = { mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day };
    expect(alwaysOpen(week)).toBe(true);
    expect(alwaysOpen(HOURS)).toBe(false);
  });
});
