import { IconCalendarTime } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { usePerson } from '@/lib/session/session';
import { Empty } from '@/ui/Empty';
import { Kbd } from '@/ui/Kbd';
import { LinkButton } from '@/ui/LinkButton';
import { Page } from '@/ui/Page';
import { QueryState } from '@/ui/QueryState';
import { type Queue, type QueueEntry, queueQuery } from '../model';
import { usePresence } from '../presence/usePresence';
import { AlertSettings } from './AlertSettings';
import { LicenceDialog } from './LicenceDialog';
import classes from './Queue.module.css';
import { QueueRow } from './QueueRow';
import { type QueueActions, useQueueActions } from './useQueueActions';
import { useQueueKeys } from './useQueueKeys';

/** Who waits, why, for how long, with what flags; admitted by one press or one key. */
export default function QueuePage() {
  const t = useTranslations('visits/queue.list');
  const clinician = usePerson().roles.includes('clinician');
  const query = useQuery(queueQuery);
  useLiveQueries({ 'queue.changed': queueQuery.queryKey });
  usePresence(clinician ? '/api/queue' : null);
  const list = useRef<HTMLDivElement>(null);
  useQueueKeys(list);
  const actions = useQueueActions();
  const { unlicensed, setUnlicensed, admit } = actions;
  return (
    <Page
      title={t('title')}
      width="wide"
      actions={
        <>
          {clinician && <AlertSettings />}
          <LinkButton
            to="/hours"
            variant="default"
            leftSection={<IconCalendarTime size={18} aria-hidden />}
          >
            {t(clinician ? 'hours' : 'hoursOfAll')}
          </LinkButton>
        </>
      }
    >
      <div ref={list}>
        <QueryState
          of={query}
          empty={{
            when: ({ entries }) => entries.length === 0,
            show: <Empty title={t('empty')} hint={t('emptyHint')} />,
          }}
        >
          {(queue) => <Groups queue={queue} actions={actions} />}
        </QueryState>
      </div>
      {clinician && (
        <p className={classes.keys}>
          <Kbd>j</Kbd>
          <Kbd>k</Kbd>
          {t('keys.move')}
          <Kbd>Enter</Kbd>
          <Kbd>a</Kbd>
          {t('keys.admit')}
        </p>
      )}
      {unlicensed && (
        <LicenceDialog
          entry={unlicensed}
          onClose={() => setUnlicensed(null)}
          onAdmit={(why) => {
            setUnlicensed(null);
            admit.mutate({ entry: unlicensed, why });
          }}
        />
      )}
    </Page>
  );
}

const GROUPS: readonly { key: string; holds: (entry: QueueEntry) => boolean }[] = [
  { key: 'waiting', holds: ({ status }) => status === 'waiting' },
  { key: 'seen', holds: ({ status }) => status === 'admitted' },
  { key: 'coming', holds: ({ status }) => status === 'intake' || status === 'left' },
];

function Groups({ queue, actions }: { queue: Queue; actions: QueueActions }) {
  const t = useTranslations('visits/queue.list');
  return GROUPS.map(({ key, holds }) => {
    const entries = queue.entries.filter(holds);
    if (entries.length === 0 && key !== 'waiting') return null;
    return (
      <section key={key} className={classes.group} aria-labelledby={`queue-${key}`}>
        <h2 id={`queue-${key}`} className={classes.groupTitle}>
          {t(`group.${key}`)} <span className={classes.count}>{entries.length}</span>
        </h2>
        {entries.length === 0 ? (
          <p className={classes.nobody}>{t('nobody')}</p>
        ) : (
          <ul className={classes.rows}>
            {entries.map((entry) => (
              <QueueRow key={entry.visit_id} entry={entry} actions={actions} />
            ))}
          </ul>
        )}
      </section>
    );
  });
}
