import type { ReactNode } from 'react';
import { ErrorState } from './ErrorState';
import { ListSkeleton } from './Skeletons';

/** What is needed of a query: one of TanStack's, or several put together. */
export interface Fetched<T> {
  data: T | undefined;
  isError: boolean;
  error: unknown;
  refetch: () => unknown;
}

interface QueryStateProps<T> {
  of: Fetched<T>;
  children: (data: T) => ReactNode;
  /** What to show while it loads; rows of a list when not given. */
  loading?: ReactNode;
  /** Shown in place of the content when there is nothing in it. */
  empty?: { when: (data: T) => boolean; show: ReactNode };
}

/**
 * Draws a query in each of its states: loading, failed (with a way to try again), empty, there.
 * Data already here stays on screen while it is fetched anew, also when that fails.
 */
export function QueryState<T>({ of: query, children, loading, empty }: QueryStateProps<T>) {
  if (query.data !== undefined) {
    return <>{empty?.when(query.data) ? empty.show : children(query.data)}</>;
  }
  if (query.isError) return <ErrorState error={query.error} retry={query.refetch} />;
  return <>{loading ?? <ListSkeleton />}</>;
}
