import { Outlet } from '@tanstack/react-router';
import type { ReactNode } from 'react';
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
        {children}
      </main>
    </div>
  );
}
