import { daysAway } from '@/lib/time/useTimes';

/** How pressing a task is: the colour and the word go by it. */
type Pressure = 'overdue' | 'today' | 'later';

/** Overdue, due today by the clinic's calendar, as the view 'Due today' counts, or later. */
export function pressure(dueAt: string, now: Date, timeZone: string): Pressure {
  if (new Date(dueAt) < now) return 'overdue';
  return daysAway(dueAt, now, timeZone) === 0 ? 'today' : 'later';
}

/** The time of day `days` from now, at the same clock time, as the API takes it. */
export function inDays(days: number, now: Date): string {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  return at.toISOString();
}
