import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconUserPlus } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useLiveQueries } from '@/lib/live/useLive';
import { More } from '@/ui/page/More';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import classes from '../AdminPage.module.css';
import { PeopleTable } from './PeopleTable';
import { PersonDialog } from './PersonDialog';
import { PEOPLE, PEOPLE_CHANGES, type Person, ROLES, type Role, STATUSES } from './people';
import { WaitingPeople } from './WaitingPeople';

/** Who works here: found by name, invited, changed, let in no more. */
export default function PeoplePage() {
  const t = useTranslations('admin.people');
  useLiveQueries(PEOPLE_CHANGES);
  const [text, setText] = useState('');
  const [role, setRole] = useState<Role | ''>('');
  const [status, setStatus] = useState('');
  const [editing, setEditing] = useState<Person | 'new' | null>(null);
  const [q] = useDebouncedValue(text.trim(), 250);
  const query = useInfiniteQuery({
    queryKey: [...PEOPLE, q, role, status],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/admin/people', {
          params: { query: { q, status, after: pageParam, ...(role && { role }) } },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  });
  return (
    <AdminPage
      title={t('title')}
      actions={
        <Button
          leftSection={<IconUserPlus size={18} aria-hidden />}
          onClick={() => setEditing('new')}
        >
          {t('invite')}
        </Button>
      }
    >
      <WaitingPeople />
      <search className={classes.filters}>
        <TextInput
          label={t('search')}
          leftSection={<IconSearch size={16} aria-hidden />}
          maxLength={200}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <NativeSelect
          label={t('role')}
          data={[
            { value: '', label: t('any') },
            ...ROLES.map((value) => ({ value, label: t(`roles.${value}`) })),
          ]}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role | '')}
        />
        <NativeSelect
          label={t('status')}
          data={[
            { value: '', label: t('any') },
            ...STATUSES.map((value) => ({ value, label: t(`statuses.${value}`) })),
          ]}
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value)}
        />
      </search>
      <QueryState
        of={query}
        empty={{
          when: ({ pages }) => pages[0]?.people.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {({ pages }) => (
          <PeopleTable people={pages.flatMap((page) => page.people)} onEdit={setEditing} />
        )}
      </QueryState>
      <More of={query}>{t('more')}</More>
      {editing && (
        <PersonDialog
          person={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </AdminPage>
  );
}
