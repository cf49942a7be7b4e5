import { expect, it } from 'vitest';
import { endOfItsDay, wholeDays } from './span';

const NY = 'America/New_York';

it('says a whole day as that day', () => {
  const days = wholeDays('2026-06-14T04:00:00Z', '2026-06-15T04:00:00Z', NY);
  expect(days).toEqual({ first: '2026-06-14T04:00:00Z', last: '2026-06-15T03:59:59.000Z' });
});

it('counts days of 23 and of 25 hours', () => {
  expect(wholeDays('2026-03-08T05:00:00Z', '2026-03-09T04:00:00Z', NY)).not.toBeNull();
  expect(wholeDays('2026-11-01T04:00:00Z', '2026-11-02T05:00:00Z', NY)).not.toBeNull();
});

it('knows part of a day from a whole one', () => {
  expect(wholeDays('2026-06-14T13:00:00Z', '2026-06-15T04:00:00Z', NY)).toBeNull();
  expect(endOfItsDay('2026-06-15T04:00:00Z', NY)).toBe('2026-06-15T03:59:59.000Z');
  expect(endOfItsDay('2026-06-15T03:00:00Z', NY)).toBeNull();
});
