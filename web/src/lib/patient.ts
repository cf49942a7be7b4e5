import { type NameParts, nameOf } from './person/name';

/** What tells a patient from another of the same name. */
export interface PatientMarks {
  birth_date: string;
  mrn: string;
  phone?: string | null;
}

/** As lists by name have it: `Lopez, Maria Elena`, or `Lopez, Mari (Maria Elena)` of who goes by `Mari`. */
export function listName(of: Partial<NameParts>): string {
  const { given, family, second, suffix, used_name } = nameOf(of);
  const legal = [given, second].filter(Boolean).join(' ');
  const first = used_name && used_name !== given ? `${used_name} (${legal || family})` : legal;
  return [[family, suffix].filter(Boolean).join(' '), first].filter(Boolean).join(', ');
}

/** `0100` of `+15185550100`: enough to tell two people apart, too little to call one. */
export const lastDigits = (phone: string): string => phone.replace(/\D/g, '').slice(-4);

/** A name as it is heard: no accents, no capitals, no doubled spaces. */
const heard = (name: string): string =>
  name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().split(/\s+/).join(' ').trim();

/** The patients in a list who share their name with another patient in it. One patient may be in it twice. */
export function sameNames(people: readonly { id: string; name: string }[]): ReadonlySet<string> {
  const by = new Map<string, Set<string>>();
  for (const { id, name } of people) {
    const ids = by.get(heard(name)) ?? new Set();
    by.set(heard(name), ids.add(id));
  }
  return new Set([...by.values()].filter(({ size }) => size > 1).flatMap((ids) => [...ids]));
}
