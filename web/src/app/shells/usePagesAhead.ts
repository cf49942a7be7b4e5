import { type AnyRoute, type AnyRouter, useRouter, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { patientRoute, staffRoute } from '@/lib/routing/layouts';
import { usePerson } from '@/lib/session/session';

/**
 * Fetches the pages that the navigation around this one leads to, one at a time while nothing else goes on, so that
 * they open while the server is away. Not on the pages of a visit, where the call needs the network, and not where the
 * connection is slow or its owner saves data.
 */
export function usePagesAhead(): void {
  const router = useRouter();
  const { roles } = usePerson();
  const admin = roles.includes('admin');
  const privacy = roles.includes('privacy');
  const frame = useRouterState({
    select: ({ matches }) =>
      [patientRoute, staffRoute].find(({ id }) => matches.some(({ routeId }) => routeId === id)),
  });
  useEffect(() => {
    if (!frame || isSparing()) return;
    const giveUp = new AbortController();
    const pages = (frame.children as unknown as AnyRoute[]).filter(
      ({ fullPath }) =>
        (admin || !fullPath.startsWith('/admin')) && (privacy || fullPath !== '/privacy'),
    );
    void fetchAll(router, pages, giveUp.signal);
    return () => giveUp.abort();
  }, [frame, admin, privacy, router]);
}

async function fetchAll(
  router: AnyRouter,
  pages: readonly AnyRoute[],
  signal: AbortSignal,
): Promise<void> {
  for (const page of pages) {
    await idle();
    if (signal.aborted) return;
    await Promise.all([router.loadRouteChunk(page), texts(page)]).catch(() => undefined);
  }
}

const texts = ({ options }: AnyRoute): unknown => options.loader?.();

const idle = () =>
  new Promise((then) => {
    // Safari has no idle callbacks.
    if ('requestIdleCallback' in window) requestIdleCallback(then);
    else setTimeout(then, 500);
  });

/** What browsers say of a connection, where they do. */
function isSparing(): boolean {
  const { connection } = navigator as Navigator & {
    connection?: { saveData?: boolean; effectiveType?: string };
  };
  return connection?.saveData === true || !['4g', undefined].includes(connection?.effectiveType);
}
