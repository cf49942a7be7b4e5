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
  'call',
  'guest',
  'intake',
  'patient',
  'related',
  'contact',
  'identifier',
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
  'location',
  'hours',
  'consent',
  'privacy',
  'audit',
  'work',
] as const;

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
