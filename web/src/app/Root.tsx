import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { OfflineBanner } from './OfflineBanner';
import classes from './Root.module.css';

/** What stands around every page: the skip link, the offline banner, and the focus that follows one. */
export function Root() {
  const t = useTranslations('shell');
  useFocusOnNavigation();
  return (
    <>
      <a className={classes.skip} href="#main">
        {t('skip')}
      </a>
      <OfflineBanner />
      <Outlet />
    </>
  );
}

/** Puts the focus on the new page's heading, so that a screen reader says where one has arrived. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) {
      const heading = document.querySelector<HTMLElement>('[data-page-heading]');
      (heading ?? document.getElementById('main'))?.focus({ preventScroll: true });
    }
    before.current = path;
  }, [path]);
}
