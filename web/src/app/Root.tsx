import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { StepUp } from '@/lib/session/stepUp/StepUp';
import { focusHeading } from './focusHeading';
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
      <StepUp />
    </>
  );
}

/** Puts the focus on the new page's heading, so that a screen reader says where one has arrived. */
function useFocusOnNavigation(): void {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname });
  const before = useRef(path);
  useEffect(() => {
    const moved = before.current !== undefined && before.current !== path;
    before.current = path;
    return moved ? focusHeading() : undefined;
  }, [path]);
}
