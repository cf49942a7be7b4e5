/** How pressing a task is: the colour and the word go by it. */
type Pressure = 'overdue' | 'today' | 'later';

const DAY = 24 * 60 * 60_000;

/** Overdue, due within a day, or later. */
export function pressure(dueAt: string, now: Date): Pressure {
  const left = new Date(dueAt).getTime() - now.getTime();
  if (left < 0) return 'overdue';
  return left < DAY ? 'today' : 'later';
}

/** The time of day `days` from now, at the same clock time, as the API takes it. */
export function inDays(days: number, now: Date): string {
  const at = new Date(now);
  at.setDate(at.getDate() + days);
  return at.toISOString();
}
