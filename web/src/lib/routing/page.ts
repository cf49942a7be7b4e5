import { lazyRouteComponent, type RouteComponent } from '@tanstack/react-router';
import type { ComponentType } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { arriving } from './notLoaded';

type Import = () => Promise<{ default: ComponentType }>;

/**
 * A page that comes with its code and its slice's messages only when somebody goes there.
 *
 * ```ts
 * createRoute({ getParentRoute: () => patientRoute, path: '/messages', ...page('messaging', () => import('./ThreadsPage')) })
 * ```
 */
export function page(slices: string | readonly string[], load: Import) {
  return {
    component: lazyRouteComponent(arriving(load)) as RouteComponent,
    loader: () => Promise.all([slices].flat().map((slice) => catalogues.load(slice))),
  };
}
