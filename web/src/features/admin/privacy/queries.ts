import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Opening = components['schemas']['OpeningOut'];
export type Restriction = components['schemas']['RestrictionOut'];

/** Whatever hangs on openings and marks. */
export const PRIVACY = ['privacy'] as const;
export const CHANGES = { 'privacy.opened': PRIVACY, 'chart.access': PRIVACY };

export const openingsQuery = (reviewed: boolean) =>
  infiniteQueryOptions({
    queryKey: ['privacy', 'openings', reviewed],
    queryFn: ({ pageParam: before }) =>
      take(
        api.GET('/api/privacy/openings', {
          params: { query: { reviewed, ...(before ? { before } : {}) } },
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
  });

export const restrictionsQuery = queryOptions({
  queryKey: ['privacy', 'restrictions'],
  queryFn: () => take(api.GET('/api/privacy/restrictions')),
});
