import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ApiProblem } from '@/lib/api/problem';
import { Page } from '../page/Page';
import { type Fetched, QueryState } from './QueryState';
import { PageSkeleton } from './Skeletons';

/** A whole page that hangs on one query: while it loads, and when it cannot be had, it is a page too. */
export function PageState<T>({
  of,
  children,
}: {
  of: Fetched<T>;
  children: (data: T) => ReactNode;
}) {
  const { error } = of;
  if (of.data === undefined && error instanceof ApiProblem && error.status === 404) {
    return <NotFound />;
  }
  return (
    <QueryState of={of} loading={<PageSkeleton />}>
      {children}
    </QueryState>
  );
}

/** An address that leads nowhere, or to something that this person may not see: the same page. */
export function NotFound() {
  const t = useTranslations('notFound');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Button component="a" href="/" w="fit-content">
        {t('start')}
      </Button>
    </Page>
  );
}
