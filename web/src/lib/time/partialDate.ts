import { plainDate } from './useTimes';

const MONTH = 'YYYY-MM'.length;
const DAY = 'YYYY-MM-DD'.length;

/** A FHIR date, whole or partial, written out as exactly as it is known: 2019, March 2019, March 5, 2019. */
export function partialDate(date: string, locale: string): string {
  if (date.length < MONTH) return date;
  if (date.length >= DAY) return plainDate(date.slice(0, DAY), locale);
  const format = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  });
  return format.format(new Date(`${date}-01T00:00:00Z`));
}
