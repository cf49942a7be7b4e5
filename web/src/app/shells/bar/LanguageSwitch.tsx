import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { LOCALES, type Locale } from '@/lib/i18n/catalogues';
import { chooseLocale, useCurrentLocale } from '@/lib/i18n/locale';
import { useSession } from '@/lib/session/session';
import classes from './LanguageSwitch.module.css';

const NAMES = { en: 'English', es: 'Español' } as const;

/** Names the other language in that language: whoever needs it can read it. */
export function LanguageSwitch() {
  const t = useTranslations('shell');
  const current = useCurrentLocale();
  const session = useSession();
  const choose = (locale: Locale) => {
    void chooseLocale(locale);
    // What the clinic sends follows the choice; should this fail, the screen has changed anyway.
    if (session) void api.PATCH('/api/me', { body: { locale } }).catch(() => undefined);
  };
  return (
    <div className={classes.switch}>
      {LOCALES.filter((locale) => locale !== current).map((locale) => (
        <button
          key={locale}
          type="button"
          lang={locale}
          className={classes.language}
          title={t('changeLanguage')}
          onClick={() => choose(locale)}
        >
          {NAMES[locale]}
        </button>
      ))}
    </div>
  );
}
