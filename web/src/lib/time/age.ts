/** How old somebody is, in the unit that says most: a baby's age in years says nothing. */
export interface Age {
  unit: 'day' | 'week' | 'month' | 'year';
  count: number;
}

const DAY = 24 * 60 * 60_000;
const MAX_DAYS = 14;
const MAX_WEEKS_IN_DAYS = 84;
const MAX_MONTHS = 24;

/** Days for two weeks, weeks for twelve, months for two years, then whole years. Nobody is younger than 0 days. */
export function age(birthDate: string, today = new Date()): Age {
  const [year = 0, month = 1, day = 1] = birthDate.split('-').map(Number);
  const now = Date.UTC(today.getFullYear(), today.getMonth(), today.getDate());
  const days = Math.max(0, Math.round((now - Date.UTC(year, month - 1, day)) / DAY));
  if (days < MAX_DAYS) return { unit: 'day', count: days };
  if (days < MAX_WEEKS_IN_DAYS) return { unit: 'week', count: Math.floor(days / 7) };
  const begun = (today.getFullYear() - year) * 12 + today.getMonth() + 1 - month;
  const months = today.getDate() < day ? begun - 1 : begun;
  if (months < MAX_MONTHS) return { unit: 'month', count: months };
  return { unit: 'year', count: Math.floor(months / 12) };
}
