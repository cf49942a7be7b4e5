import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from './AdminPage';
import { OrderedList } from './OrderedList';
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

function TypeList({ list, onEdit }: TypeListProps) {
  const t = useTranslations('admin.visitTypes');
  const locale = useCurrentLocale();
  return (
    <OrderedList
      rows={list.types}
      order={useOrder()}
      nameOf={(type) => titleOf(type, locale)}
      about={({ minutes }) => minutes && ` · ${t('minutes', { count: minutes })}`}
      onEdit={onEdit}
    />
  );
}
