import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { listName, sameNames } from '@/lib/patient';
import { useTimes } from '@/lib/time/useTimes';
import { LinkRow } from '@/ui/links/LinkRow';
import { Rows } from '@/ui/links/Row';
import { Page } from '@/ui/page/Page';
import { Marks } from '@/ui/person/Marks';
import { SameName } from '@/ui/person/SameName';
import { Empty } from '@/ui/states/Empty';
import { RestrictedMark } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { patientsQuery } from './queries';
import classes from './summary/Summary.module.css';

const PAUSE_MS = 150;

/** The clinic's patients, found by whatever one knows of them. */
export default function PatientsPage() {
  const t = useTranslations('chart.patients');
  const sex = useTranslations('chart/strip.sex');
  const times = useTimes();
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const found = useQuery({ ...patientsQuery(asked), placeholderData: keepPreviousData });
  const shared = sameNames(
    (found.data?.items ?? []).map(({ id, given, family }) => ({ id, name: `${given} ${family}` })),
  );
  return (
    <Page title={t('title')}>
      <TextInput
        label={t('search')}
        description={t('searchHint')}
        leftSection={<IconSearch size={18} aria-hidden />}
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
        type="search"
        autoFocus
      />
      <QueryState
        of={found}
        empty={{
          when: ({ items }) => items.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {({ items, more }) => (
          <>
            <Rows label={t('title')}>
              {items.map((patient) => (
                <LinkRow
                  key={patient.id}
                  to="/patients/$patientId"
                  params={{ patientId: patient.id }}
                  title={listName(patient)}
                  detail={
                    <Marks
                      of={patient}
                      {...(patient.restricted ? {} : { more: sex(patient.clinical_sex) })}
                    />
                  }
                  aside={
                    <>
                      {patient.restricted && <RestrictedMark />}
                      {shared.has(patient.id) && <SameName />}
                      {patient.last_visit_at && (
                        <span className={classes.detail}>
                          {t('lastVisit', { date: times.date(patient.last_visit_at) })}
                        </span>
                      )}
                    </>
                  }
                />
              ))}
            </Rows>
            {more && <p>{t('more')}</p>}
          </>
        )}
      </QueryState>
    </Page>
  );
}
