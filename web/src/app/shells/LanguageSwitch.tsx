import { useTranslations } from 'use-intl';
import { LOCALES } from '@/lib/i18n/catalogues';
import { chooseLocale, useCurrentLocale } from '@/lib/i18n/locale';
import classes from './LanguageSwitch.module.css';

const NAMES = { en: 'English', es: 'Español' } as const;

/** Names the other language in that language: whoever needs it can read it. */
export function LanguageSwitch() {
  const t = useTranslations('shell');
  const current = useCurrentLocale();
  return (
    <div className={classes.switch}>
      {LOCALES.filter((locale) => locale !== current).map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          className={classes.language}
          title={t('changeLanguage')}
          onClick={() => void chooseLocale(locale)}
        >
          {NAMES[locale]}
        </button>
      ))}
    </div>
  );
}
