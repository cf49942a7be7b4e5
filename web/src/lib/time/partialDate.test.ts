import { describe, expect, it } from 'vitest';
import { partialDate } from './partialDate';

describe('a date is written as exactly as it is known', () => {
  it.each([
    ['2019', 'en', '2019'],
    ['2019-03', 'en', 'March 2019'],
    ['2019-03', 'es', 'marzo de 2019'],
    ['2019-03-05', 'en', 'March 5, 2019'],
    ['2019-03-05T23:30:00-05:00', 'en', 'March 5, 2019'],
  ])('%s in %s', (date, locale, written) => {
    expect(partialDate(date, locale)).toBe(written);
  });
});
