const DAY_MS = 86_400_000;

/** What the clock of a zone is ahead of UTC at a moment, in milliseconds. */
function offset(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  const local = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return local - at;
}

/** The instant at which a day (`2026-03-08`) begins in a zone. */
export function dayStart(day: string, timeZone: string): string {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  const first = asUtc - offset(asUtc, timeZone);
  // The guess may lie on the other side of a change of the clocks.
  return new Date(asUtc - offset(first, timeZone)).toISOString();
}

/** The instant at which it is over. */
export function dayEnd(day: string, timeZone: string): string {
  const next = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS).toISOString().slice(0, 10);
  return dayStart(next, timeZone);
}

/** The last second of a day, as the API takes the end of what holds through it. */
export function endOfDay(day: string, timeZone: string): string {
  return new Date(Date.parse(dayEnd(day, timeZone)) - 1000).toISOString();
}

/** The calendar's day a year from now in the zone: `2027-11-25`. */
export function dayInAYear(now: Date, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const [year = 0, month = 1, day = 1] = format.format(now).split('-').map(Number);
  return new Date(Date.UTC(year + 1, month - 1, day)).toISOString().slice(0, 10);
}
