import { useTranslations } from 'use-intl';

/** Gives the text of an error code; a code nobody has written a text for reads as `unexpected`. */
export function useErrorText() {
  const t = useTranslations('errors');
  return (code: string, params?: Record<string, string | number>): string =>
    t.has(code) ? t(code, params) : t('unexpected');
}
