import { Outlet } from '@tanstack/react-router';
import { Brand } from '@/ui/Brand';
import { LanguageSwitch } from './LanguageSwitch';
import classes from './Shell.module.css';

/** For pages that need nobody signed in. */
export function OpenShell() {
  return (
    <div className={classes.shell}>
      <header className={classes.bar}>
        <Brand />
        <LanguageSwitch />
      </header>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
}
