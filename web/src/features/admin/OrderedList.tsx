import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import classes from './AdminPage.module.css';
import { moved } from './order';

interface OrderedListProps<Row> {
  rows: readonly Row[];
  /** Sends the rows in another order. */
  order: { mutate: (rows: Row[]) => void; isPending: boolean; error: ApiProblem | null };
  nameOf: (row: Row) => string;
  /** What stands behind the name. */
  about: (row: Row) => ReactNode;
  onEdit: (row: Row) => void;
}

/** Rows that an administrator puts in order, changes and retires. */
export function OrderedList<Row extends { id: string; retired: boolean }>({
  rows,
  order,
  nameOf,
  about,
  onEdit,
}: OrderedListProps<Row>) {
  const t = useTranslations('admin.ordered');
  return (
    <>
      <FormProblem of={order.error} />
      <ol className={classes.rows}>
        {rows.map((row, index) => {
          const name = nameOf(row);
          const move = (by: -1 | 1) => order.mutate(moved(rows, row.id, by));
          return (
            <li key={row.id} className={classes.row}>
              {rows.length > 1 && (
                <>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('up', { name })}
                    disabled={index === 0 || order.isPending}
                    onClick={() => move(-1)}
                  >
                    <IconArrowUp size={18} />
                  </ActionIcon>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="lg"
                    aria-label={t('down', { name })}
                    disabled={index === rows.length - 1 || order.isPending}
                    onClick={() => move(1)}
                  >
                    <IconArrowDown size={18} />
                  </ActionIcon>
                </>
              )}
              <span className={classes.rowName}>
                <span>
                  {name}
                  {about(row)}
                </span>
                {row.retired && <StatusBadge tone="done">{t('retired')}</StatusBadge>}
              </span>
              <Button
                variant="default"
                aria-label={t('changeNamed', { name })}
                onClick={() => onEdit(row)}
              >
                {t('change')}
              </Button>
            </li>
          );
        })}
      </ol>
    </>
  );
}
