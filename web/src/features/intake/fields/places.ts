import type { Language } from '../rules/questionnaire';

interface Country {
  value: string;
  label: string;
}

/** Countries by name in the reader's language, in its order. */
export function named(codes: readonly string[], language: Language): Country[] {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  return codes
    .map((value) => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label, language));
}
