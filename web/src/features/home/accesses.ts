import type { components } from '@/lib/api/schema';

/** One look at the patient's record. */
export type Access = components['schemas']['Access'];

/** What one person did in a row, the newest first. */
interface Session {
  who: string;
  role: string;
  looks: Access[];
}

/** What follows on each other by the same person, together: somebody at work does many things. */
export function bySession(accesses: readonly Access[]): Session[] {
  const sessions: Session[] = [];
  for (const access of accesses) {
    const last = sessions.at(-1);
    if (last?.who === access.who && last.role === access.role) last.looks.push(access);
    else sessions.push({ who: access.who, role: access.role, looks: [access] });
  }
  return sessions;
}

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
