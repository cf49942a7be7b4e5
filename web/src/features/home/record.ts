import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type OwnRecord = components['schemas']['ChartSummary'];
export type OwnVisit = components['schemas']['VisitOut'];

/** The patient's own record at a glance: medicines, allergies, problems, prescriptions. */
export const recordQuery = queryOptions({
  queryKey: ['me', 'record'],
  queryFn: () => take(api.GET('/api/me/record')),
});

/** The patient's own visits, the newest first. */
export const visitsQuery = queryOptions({
  queryKey: ['visits', 'mine'],
  queryFn: () => take(api.GET('/api/visits')),
});

/** Pushes after which the home page reads differently. */
export const HOME_CHANGES = {
  'visit.changed': visitsQuery.queryKey,
  'chart.changed': recordQuery.queryKey,
  'note.signed': recordQuery.queryKey,
  'prescription.changed': recordQuery.queryKey,
};

/** The visits whose note is signed: they have a summary to read. */
export const summarized = (record: OwnRecord): ReadonlySet<string> =>
  new Set(record.visits.filter(({ signed }) => signed).map(({ id }) => id));
