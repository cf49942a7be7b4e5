import { Button } from '@mantine/core';
import type { ReactNode } from 'react';

interface MoreProps {
  /** An infinite query of TanStack's. */
  of: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => unknown };
  children: ReactNode;
}

/** Fetches the next page of a list; not there when there is none. */
export function More({ of: list, children }: MoreProps) {
  if (!list.hasNextPage) return null;
  return (
    <Button
      variant="subtle"
      loading={list.isFetchingNextPage}
      onClick={() => void list.fetchNextPage()}
    >
      {children}
    </Button>
  );
}
