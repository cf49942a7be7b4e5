/** The beginnings of actions, as the audit names them: what people look for. */
export const ACTIONS = [
  'chart',
  'record',
  'note',
  'summary',
  'prescription',
  'queue',
  'visit',
  'visit_type',
  'intake',
  'patient',
  'related',
  'thread',
  'message',
  'task',
  'session',
  'sign_in',
  'device',
  'account',
  'invite',
  'profile',
  'accesses',
  'access',
  'clinic',
  'hours',
  'consent',
  'privacy',
  'audit',
  'work',
] as const;

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

interface Period {
  from: string;
  to: string;
}

/** What is wrong with two days as typed; `unread` names a field whose half-typed day the browser keeps to itself. */
export function periodProblems(
  { from, to }: Period,
  unread: readonly string[] = [],
): Partial<Period> {
  const no = (name: keyof Period, day: string) =>
    unread.includes(name) || (day !== '' && !/^[12]\d{3}-/.test(day));
  if (no('from', from)) return { from: 'invalid_date' };
  if (no('to', to)) return { to: 'invalid_date' };
  return from && to && to < from ? { to: 'ends_before_it_begins' } : {};
}

/** Hands a file to the browser's downloads. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content);
  const link = Object.assign(document.createElement('a'), { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}
