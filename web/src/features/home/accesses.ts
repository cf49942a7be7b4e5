import type { components } from '@/lib/api/schema';

/** One look at the patient's record. */
type Access = components['schemas']['Access'];

/** The looks of each day together, in the order in which they came (the newest first). */
export function byDay(accesses: readonly Access[], timeZone: string): [string, Access[]][] {
  const day = new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' });
  const days = new Map<string, Access[]>();
  for (const access of accesses) {
    const key = day.format(new Date(access.at));
    days.set(key, [...(days.get(key) ?? []), access]);
  }
  return [...days];
}
