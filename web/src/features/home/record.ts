import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type OwnRecord = components['schemas']['ChartSummary'];
export type OwnVisit = components['schemas']['VisitOut'];

/** The patient's own record at a glance: medicines, allergies, problems, prescriptions. */
export const recordQuery = queryOptions({
  queryKey: ['me', 'record'],
  queryFn: () => take(api.GET('/api/me/record')),
});

const PAGE = 30;

/** The patient's own visits, the newest first; each further page goes on with earlier ones. */
export const visitsQuery = infiniteQueryOptions({
  queryKey: ['visits', 'mine'],
  queryFn: ({ pageParam }) => {
    const query = { limit: PAGE, ...(pageParam && { before: pageParam }) };
    return take(api.GET('/api/visits', { params: { query } }));
  },
  initialPageParam: '',
  getNextPageParam: (page) => (page.length < PAGE ? undefined : page.at(-1)?.id),
  select: ({ pages }) => pages.flat(),
});

/** Pushes after which the home page reads differently. */
export const HOME_CHANGES = {
  'visit.changed': visitsQuery.queryKey,
  'chart.changed': recordQuery.queryKey,
  'note.signed': recordQuery.queryKey,
  'prescription.changed': recordQuery.queryKey,
};

/**
 * Whether there is a summary of a visit to read: its note is signed. The record tells it of the
 * latest visits only; of an earlier one its end does, for the note is signed to finish a visit.
 */
export function hasSummary(record: OwnRecord, visit: OwnVisit): boolean {
  const told = record.visits.find(({ id }) => id === visit.id);
  return told ? told.signed : visit.status === 'finished';
}

/** The medicines whose course is not over. */
export const taken = ({ medicines }: OwnRecord) =>
  medicines.filter(({ ends_at }) => ends_at === null || Date.parse(ends_at) > Date.now());
