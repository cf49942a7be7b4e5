import { Link, Outlet } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import { Brand } from '@/ui/brand/Brand';
import { LanguageSwitch } from './bar/LanguageSwitch';
import classes from './Shell.module.css';
import { SignedIn, WhomStrip } from './SignedIn';

/** For a patient who does one thing: where they are, the language, and the way home. */
export function FocusShell() {
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  );
}

function Frame() {
  const t = useTranslations('shell');
  const { clinic } = usePerson();
  return (
    <div className={classes.shell}>
      <header className={classes.bar}>
        <Link
          to="/home"
          className={classes.brand}
          aria-label={t('toHome', { clinic: clinic.name })}
        >
          <Brand name={clinic.name} />
        </Link>
        <LanguageSwitch />
      </header>
      <WhomStrip />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
}
