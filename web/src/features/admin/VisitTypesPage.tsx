import { ActionIcon, Button } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from './AdminPage';
import classes from './AdminPage.module.css';
import { moved } from './order';
import { VisitTypeDialog } from './VisitTypeDialog';
import { titleOf, useOrder, VISIT_TYPES, type VisitType, type VisitTypes } from './visitTypes';

/** What patients can come for: renamed, timed, retired and put in order. */
export default function VisitTypesPage() {
  const t = useTranslations('admin.visitTypes');
  const [editing, setEditing] = useState<VisitType | 'new' | null>(null);
  const query = useQuery({
    queryKey: VISIT_TYPES,
    queryFn: () => take(api.GET('/api/admin/visit-types')),
  });
  return (
    <AdminPage
      title={t('title')}
      lead={t('lead')}
      actions={
        <Button leftSection={<IconPlus size={18} aria-hidden />} onClick={() => setEditing('new')}>
          {t('add')}
        </Button>
      }
    >
      <QueryState of={query}>
        {(list) => (
          <>
            <TypeList list={list} onEdit={setEditing} />
            {editing && (
              <VisitTypeDialog
                list={list}
                type={editing === 'new' ? null : editing}
                onClose={() => setEditing(null)}
              />
            )}
          </>
        )}
      </QueryState>
    </AdminPage>
  );
}

interface TypeListProps {
  list: VisitTypes;
  onEdit: (type: VisitType) => void;
}

function TypeList({ list: { types }, onEdit }: TypeListProps) {
  const t = useTranslations('admin.visitTypes');
  const locale = useCurrentLocale();
  const order = useOrder();
  return (
    <>
      <FormProblem of={order.error} />
      <ol className={classes.rows}>
        {types.map((type, index) => {
          const name = titleOf(type, locale);
          const move = (by: -1 | 1) => order.mutate(moved(types, type.id, by));
          return (
            <li key={type.id} className={classes.row}>
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
                disabled={index === types.length - 1 || order.isPending}
                onClick={() => move(1)}
              >
                <IconArrowDown size={18} />
              </ActionIcon>
              <span className={classes.rowName}>
                <span>
                  {name}
                  {type.minutes && ` · ${t('minutes', { count: type.minutes })}`}
                </span>
                {type.retired && <StatusBadge tone="done">{t('retired')}</StatusBadge>}
              </span>
              <Button
                variant="default"
                aria-label={t('changeNamed', { name })}
                onClick={() => onEdit(type)}
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
