import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useLiveQueries } from '@/lib/live/useLive';
import { HOME_CHANGES, type OwnRecord, type OwnVisit, recordQuery, visitsQuery } from './record';

export interface Story {
  record: OwnRecord;
  visits: readonly OwnVisit[];
}

/** The patient's record and visits together, kept up to date by pushes. */
export function useStory() {
  useLiveQueries(HOME_CHANGES);
  const record = useQuery(recordQuery);
  const visits = useInfiniteQuery(visitsQuery);
  const data: Story | undefined =
    record.data && visits.data ? { record: record.data, visits: visits.data } : undefined;
  return {
    /** The list of visits, which goes on further than what is here. */
    list: visits,
    data,
    isError: record.isError || visits.isError,
    error: record.error ?? visits.error,
    refetch: () => Promise.all([record.refetch(), visits.refetch()]),
  };
}
