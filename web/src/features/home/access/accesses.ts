import type { components } from '@/lib/api/schema';

/** One look at the patient's record, or the looks of a day at a list with their name in it. */
export type Access = components['schemas']['Access'];

/** What one person did, the newest first. */
interface Session {
  who: string;
  role: string;
  relationship: string | null;
  looks: Access[];
}

/** What follows on each other by the same person, together: somebody at work does many things. */
export function bySession(accesses: readonly Access[]): Session[] {
  const sessions: Session[] = [];
  for (const access of accesses) {
    const last = sessions.at(-1);
    if (last && sameAs(last, access)) last.looks.push(access);
    else sessions.push(opened(access));
  }
  return sessions;
}

/** Everything that one person did, together, in the order of their newest look. */
export function byPerson(accesses: readonly Access[]): Session[] {
  const people: Session[] = [];
  for (const access of accesses) {
    const known = people.find((each) => sameAs(each, access));
    if (known) known.looks.push(access);
    else people.push(opened(access));
  }
  return people;
}

const opened = (look: Access): Session => ({
  who: look.who,
  role: look.role,
  relationship: look.relationship,
  looks: [look],
});

function sameAs(session: Session, { who, role, relationship }: Access): boolean {
  return session.who === who && session.role === role && session.relationship === relationship;
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
