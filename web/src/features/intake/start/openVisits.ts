import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type OwnVisit = components['schemas']['VisitOut'];

const OPEN: ReadonlySet<string> = new Set(['intake', 'waiting', 'left', 'admitted']);

/** The patient's visits that are not over, the latest first. */
export const openVisitsQuery = queryOptions({
  queryKey: ['visits', 'open'],
  queryFn: async () =>
    (await take(api.GET('/api/visits', { params: { query: { limit: 100 } } }))).filter(
      ({ status }) => OPEN.has(status),
    ),
});
