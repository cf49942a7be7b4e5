import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { REASONS } from '@/lib/session/ending';
import { Brand } from '@/ui/brand/Brand';
import { LanguageSwitch } from './bar/LanguageSwitch';
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

/** For whoever comes back to a screen that has signed them out. */
function WhySignedOut() {
  const t = useTranslations('idle.ended');
  const ended = new URLSearchParams(window.location.search).get('ended');
  const reason = REASONS.find((each) => each === ended);
  return reason ? <p className={classes.ended}>{t(reason)}</p> : null;
}
