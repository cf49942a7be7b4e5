import { useMemo } from 'react';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useSession } from '@/lib/session/session';

/** A moment as the API gives it (ISO 8601 with an offset), or a Date. */
export type Moment = string | Date;

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['hour', 60 * MINUTE],
  ['minute', MINUTE],
];

/** The zone of this device: where the reader is now. */
export const deviceZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/**
 * "5 minutes ago", "in 3 hours", "now": the largest unit that is at least one. From a day on days are counted as the
 * calendar of the zone does, so that "yesterday" and "tomorrow" are what a reader calls so.
 */
export function relative(moment: Moment, now: Date, locale: string, timeZone: string): string {
  const difference = new Date(moment).getTime() - now.getTime();
  if (Math.abs(difference) >= DAY) return inDays(daysAway(moment, now, timeZone), locale);
  const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(difference) >= size) return format.format(Math.trunc(difference / size), unit);
  }
  return format.format(0, 'second');
}

/** The same for what belongs to a day, as a due date does: "in 3 hours" is today, and another day is named as one. */
export function relativeDay(moment: Moment, now: Date, locale: string, timeZone: string): string {
  const days = daysAway(moment, now, timeZone);
  return days === 0 ? relative(moment, now, locale, timeZone) : inDays(days, locale);
}

const inDays = (days: number, locale: string): string =>
  new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(days, 'day');

/** Whole days from today to the moment's day, as calendars count them in that zone. */
export function daysAway(moment: Moment, now: Date, timeZone: string): number {
  const day = (at: Date) =>
    Date.parse(new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(at));
  return Math.round((day(new Date(moment)) - day(now)) / DAY);
}

/** Our clinics' Spanish readers live by the American clock: 1:45 p. m., and not 13:45. */
export const regionOf = (locale: string): string => (locale === 'es' ? 'es-US' : locale);

export function makeTimes(locale: string, timeZone: string) {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(regionOf(locale), { timeZone, ...options });
    return (moment: Moment) => formatter.format(new Date(moment));
  };
  return {
    timeZone,
    /** 9:05 AM */
    time: format({ timeStyle: 'short' }),
    /** 9:05 AM EST: wherever the reader may be in another zone than the clinic */
    timeWithZone: format({ hour: 'numeric', minute: '2-digit', timeZoneName: 'short' }),
    /** March 4, 2026 */
    date: format({ dateStyle: 'long' }),
    /** Mar 4 */
    shortDate: format({ month: 'short', day: 'numeric' }),
    /** Wed */
    shortWeekday: format({ weekday: 'short' }),
    /** Wednesday, March 4 */
    weekday: format({ weekday: 'long', month: 'long', day: 'numeric' }),
    /** Wednesday, Mar 4 */
    dayAndDate: format({ weekday: 'long', month: 'short', day: 'numeric' }),
    /** Mar 4, 2026, 9:05 AM */
    dateTime: format({ dateStyle: 'medium', timeStyle: 'short' }),
    daysAway: (moment: Moment, now = new Date()) => daysAway(moment, now, timeZone),
    relative: (moment: Moment, now = new Date()) => relative(moment, now, locale, timeZone),
    relativeDay: (moment: Moment, now = new Date()) => relativeDay(moment, now, locale, timeZone),
  };
}

/** A calendar day without a zone (a birth date, `1984-02-29`), written out. */
export function plainDate(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** The same with its weekday: Thursday, November 26, 2026. */
export function plainWeekday(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'full', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** The same in little room: Mar 9, 1984. */
export function plainShortDate(day: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/**
 * Times for the reader: a patient reads them in the zone they are in now, staff in the clinic's.
 * `useTimes('America/Denver')` writes them in a zone of your choice.
 */
export function useTimes(zone?: string) {
  const locale = useCurrentLocale();
  const session = useSession();
  const home =
    session && !session.roles.includes('patient') ? session.clinic.time_zone : deviceZone();
  const timeZone = zone ?? home;
  return useMemo(() => makeTimes(locale, timeZone), [locale, timeZone]);
}
