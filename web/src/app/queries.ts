import { QueryClient } from '@tanstack/react-query';
import { onSignedOut } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { sessionQuery } from '@/lib/session/session';

const answered = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status > 0 && error.status < 500;

/**
 * What pages have fetched. Pushes say what is out of date (`useLiveQueries`), so nothing is polled
 * and nothing is fetched again merely because a window got the focus.
 */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (count, error) => !answered(error) && count < 2,
    },
  },
});

onSignedOut(() => {
  if (queries.getQueryData(sessionQuery.queryKey)) {
    queries.setQueryData(sessionQuery.queryKey, null);
  }
});
