import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import classes from '../AdminPage.module.css';

type Entry = components['schemas']['AuditEntry'];
type Row = components['schemas']['AuditEntryDetail'];

/** All of one entry: whom a list showed, and the words that were looked for. Opening it is logged. */
export function AuditEntryDialog({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const t = useTranslations('admin.audit');
  const times = useTimes();
  const row = useQuery({
    queryKey: ['admin', 'audit', 'entry', entry.seq],
    queryFn: () =>
      take(api.GET('/api/admin/audit/{entry_seq}', { params: { path: { entry_seq: entry.seq } } })),
    // What was read once need not be read, and logged, again.
    staleTime: Number.POSITIVE_INFINITY,
  });
  const what = `actions.${entry.action}`;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t.has(what) ? t(what) : entry.action}
      withCloseButton={false}
    >
      <Stack>
        <Text>
          {entry.who || t(entry.roles.includes('system') ? 'system' : 'nobody')} ·{' '}
          {times.dateTime(entry.at)}
        </Text>
        <QueryState of={row}>
          {(found) => (
            <>
              <Sought of={found} />
              <Shown of={found} />
            </>
          )}
        </QueryState>
        <Text className={classes.quiet ?? ''}>{t('entry.logged')}</Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {t('entry.close')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Sought({ of: { entry, sought } }: { of: Row }) {
  const t = useTranslations('admin.audit.entry');
  if (!entry.searched) return null;
  if (sought === null) return <Text>{t('unreadable')}</Text>;
  return (
    <Section title={t('sought')}>
      <dl className={classes.words}>
        {Object.entries(sought).map(([name, words]) => (
          <div key={name} className={classes.word}>
            <dt>{t.has(`words.${name}`) ? t(`words.${name}`) : name}</dt>
            <dd>{words}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

function Shown({ of: { patients } }: { of: Row }) {
  const t = useTranslations('admin.audit.entry');
  if (patients.length === 0) return null;
  return (
    <Section title={t('shown', { count: patients.length })}>
      <ul className={classes.shown}>
        {patients.map(({ id, name, mrn }) => (
          <li key={id}>
            <span className={classes.name}>{name}</span>
            <span className={classes.quiet}>{mrn}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
