import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { Brand } from '@/ui/Brand';
import { LanguageSwitch } from './LanguageSwitch';
import classes from './Shell.module.css';

/** For pages that need nobody signed in. */
export function OpenShell() {
  return (
    <OpenFrame>
      <Outlet />
    </OpenFrame>
  );
}

export function OpenFrame({ children }: { children: ReactNode }) {
  return (
    <div className={classes.shell}>
      <header className={classes.bar}>
        <Brand />
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <WhySignedOut />
        {children}
      </main>
    </div>
  );
}

/** For whoever comes back to a screen that has signed them out by itself. */
function WhySignedOut() {
  const t = useTranslations('idle');
  if (new URLSearchParams(window.location.search).get('ended') !== 'idle') return null;
  return <p className={classes.ended}>{t('ended')}</p>;
}
