import { Skeleton } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from './Skeletons.module.css';

/** A list on its way: rows of the height that they will have, so that nothing jumps. */
export function ListSkeleton({ rows = 3 }: { rows?: number }) {
  return (
    <div className={classes.list}>
      <Loading />
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows are alike and never move
        <div key={row} className={classes.row}>
          <Skeleton height={16} width={`${62 - row * 9}%`} radius="sm" />
          <Skeleton height={12} width={`${38 + row * 6}%`} radius="sm" />
        </div>
      ))}
    </div>
  );
}

/** A whole page on its way. */
export function PageSkeleton() {
  return (
    <div className={classes.page}>
      <Skeleton height={30} width="46%" radius="sm" />
      <ListSkeleton />
    </div>
  );
}

function Loading() {
  const t = useTranslations('states');
  return (
    <span className="visually-hidden" role="status">
      {t('loading')}
    </span>
  );
}
