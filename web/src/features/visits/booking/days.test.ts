import { describe, expect, it } from 'vitest';
import { dayAfter, today } from './days';

describe('days', () => {
  it('are those of the zone, not of the machine', () => {
    const late = new Date('2026-11-20T23:30:00Z');
    expect(today('Asia/Tokyo', late)).toBe('2026-11-21');
    expect(today('America/New_York', late)).toBe('2026-11-20');
  });

  it('follow each other across a clock change and a leap day', () => {
    expect(dayAfter('2027-03-13', 1)).toBe('2027-03-14');
    expect(dayAfter('2027-03-14', 1)).toBe('2027-03-15');
    expect(dayAfter('2028-02-28', 1)).toBe('2028-02-29');
    expect(dayAfter('2026-12-31', 7)).toBe('2027-01-07');
  });
});
