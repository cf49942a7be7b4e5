import type { Locale } from '@/lib/i18n/catalogues';
import { regionOf } from '@/lib/time/useTimes';

export const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
type Day = (typeof DAYS)[number];
export type Hours = Readonly<Record<string, readonly (readonly string[])[]>>;

/** A Monday; the days after it give the other names. */
const MONDAY = Date.UTC(2024, 0, 1);

/** `Monday` in the reader's language. */
export function dayName(day: Day, locale: Locale): string {
  const at = new Date(MONDAY + DAYS.indexOf(day) * 86_400_000);
  return new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(at);
}

/** `8:00 AM – 12:00 PM, 1:00 – 5:30 PM`; empty when closed, and null when open from midnight to midnight. */
export function daySpans(hours: Hours, day: Day, locale: Locale): string | null {
  if (allDay(hours[day])) return null;
  const format = new Intl.DateTimeFormat(regionOf(locale), { timeStyle: 'short', timeZone: 'UTC' });
  const at = (time = '00:00') => {
    const [hour = 0, minute = 0] = time.split(':').map(Number);
    return new Date(MONDAY + (hour * 60 + minute) * 60_000);
  };
  return (hours[day] ?? [])
    .map(([start, end]) =>
      // As a range, midnight at the end would bring the dates of both days with it.
      end === '24:00'
        ? `${format.format(at(start))} – ${format.format(at(end))}`
        : format.formatRange(at(start), at(end)),
    )
    .join(', ');
}

/** Days that follow one another with the same hours, together: fewer lines to read. */
export function sameDays(hours: Hours): Day[][] {
  const groups: Day[][] = [];
  for (const day of DAYS) {
    const last = groups.at(-1);
    const before = last?.at(-1);
    if (last && before && JSON.stringify(hours[before] ?? []) === JSON.stringify(hours[day] ?? []))
      last.push(day);
    else groups.push([day]);
  }
  return groups;
}

const allDay = (spans: Hours[string] | undefined): boolean =>
  JSON.stringify(spans) === '[["00:00","24:00"]]';

export const alwaysOpen = (hours: Hours): boolean => DAYS.every((day) => allDay(hours[day]));
