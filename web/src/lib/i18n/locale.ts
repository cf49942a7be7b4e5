import { useSyncExternalStore } from 'react';
import { catalogues, LOCALES, type Locale } from './catalogues';

const KEY = 'carethread.locale';

function supported(tag: string | null | undefined): Locale | undefined {
  const language = tag?.slice(0, 2).toLowerCase();
  return LOCALES.find((locale) => locale === language);
}

/** What was chosen on this device before; undefined when nothing was. */
function chosenLocale(): Locale | undefined {
  try {
    return supported(localStorage.getItem(KEY));
  } catch {
    return undefined;
  }
}

function firstLocale(): Locale {
  return chosenLocale() ?? navigator.languages.map(supported).find(Boolean) ?? 'en';
}

async function apply(locale: Locale): Promise<void> {
  await catalogues.use(locale);
  document.documentElement.lang = locale;
}

export const startLocale = (): Promise<void> => apply(firstLocale());

/** The person's own choice: kept on this device. */
export async function chooseLocale(locale: Locale): Promise<void> {
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // Storage may be off; the choice then lasts as long as the page.
  }
  await apply(locale);
}

/** The account's language, used when nothing was chosen on this device. */
export async function suggestLocale(tag: string): Promise<void> {
  const locale = supported(tag);
  if (locale && !chosenLocale() && locale !== catalogues.snapshot().locale) await apply(locale);
}

export function useLocaleState() {
  return useSyncExternalStore(catalogues.subscribe, catalogues.snapshot);
}

export const useCurrentLocale = (): Locale => useLocaleState().locale;
