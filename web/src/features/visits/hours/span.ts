import { dayStart } from '@/lib/time/days';

const SECOND = 1000;

/** From the first instant of a day to the last of the same or another one: the days, which is how people say it. */
export function wholeDays(
  from: string,
  to: string,
  timeZone: string,
): { first: string; last: string } | null {
  const last = endOfItsDay(to, timeZone);
  return last && isMidnight(from, timeZone) ? { first: from, last } : null;
}

/** Midnight ends the day before, and is not 12:00 AM of the next: an instant within that day; null for another time. */
export const endOfItsDay = (to: string, timeZone: string): string | null =>
  isMidnight(to, timeZone) ? new Date(Date.parse(to) - SECOND).toISOString() : null;

function isMidnight(at: string, timeZone: string): boolean {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  return Date.parse(dayStart(format.format(new Date(at)), timeZone)) === Date.parse(at);
}
