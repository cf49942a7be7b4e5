/** What was typed of a date, each part as text. */
export interface Parts {
  day: string;
  month: string;
  year: string;
}

const NUMBERS = /^\d{1,2}$/;

/** `1990-04-01`; empty when nothing was typed, and `incomplete` when it is no date of the calendar. */
export function dayOf({ day, month, year }: Parts): string {
  if (!day && !month && !year) return '';
  if (!NUMBERS.test(day) || !NUMBERS.test(month) || !/^\d{4}$/.test(year)) return 'incomplete';
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  const at = new Date(`${text}T00:00:00Z`);
  // 31 April would be 1 May: then it is not the day that was typed.
  return Number.isNaN(at.getTime()) || at.toISOString().slice(0, 10) !== text ? 'incomplete' : text;
}

/** What is wrong with a birth date before it is sent, as an error's code. */
export function birthDateCheck(day: string, today = new Date()): string | false {
  if (!day) return 'required';
  if (day === 'incomplete') return 'invalid_date';
  return new Date(`${day}T00:00:00`) > today && 'birth_date_in_future';
}
