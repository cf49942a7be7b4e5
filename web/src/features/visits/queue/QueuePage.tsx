import { IconCalendarTime, IconVideo } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { sameNames } from '@/lib/patient';
import { usePresence } from '@/lib/presence/usePresence';
import { useMay, usePerson } from '@/lib/session/session';
import { LinkButton } from '@/ui/links/LinkButton';
import { Kbd } from '@/ui/marks/Kbd';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { type QueueEntry, queueQuery } from '../model';
import { AlertSettings } from './AlertSettings';
import { LicenceDialog } from './LicenceDialog';
import classes from './Queue.module.css';
import { QueueRow } from './QueueRow';
import { useQueueActions } from './useQueueActions';
import { useQueueKeys } from './useQueueKeys';

/** Everyone of today in the order of danger: who, why, for how long, in what state; admitted by one press or key. */
export default function QueuePage() {
  const t = useTranslations('visits/queue.list');
  const may = useMay();
  const clinician = usePerson().roles.includes('clinician');
  const query = useQuery(queueQuery);
  useLiveQueries({ 'queue.changed': queueQuery.queryKey });
  usePresence(clinician ? '/api/queue' : null);
  const shared = sameNames((query.data?.entries ?? []).map(({ patient }) => patient));
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
          <AlertSettings />
          {may('call.support') && (
            <LinkButton
              to="/calls"
              variant="default"
              leftSection={<IconVideo size={18} aria-hidden />}
            >
              {t('calls')}
            </LinkButton>
          )}
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
          {({ entries }) => (
            <>
              <Counts entries={entries} />
              <ul className={classes.rows} aria-label={t('title')}>
                {entries.map((entry) => (
                  <QueueRow
                    key={entry.visit_id}
                    entry={entry}
                    sameName={shared.has(entry.patient.id)}
                    actions={actions}
                  />
                ))}
              </ul>
            </>
          )}
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
          onAdmit={async (why) => {
            await admit.mutateAsync({ entry: unlicensed, why });
            setUnlicensed(null);
          }}
        />
      )}
    </Page>
  );
}

const COUNTED = ['waiting', 'answering', 'seen', 'booked'] as const;

function counted({ status, slot_starts_at }: QueueEntry): (typeof COUNTED)[number] | null {
  if (status === 'waiting') return 'waiting';
  if (status === 'admitted') return 'seen';
  if (status === 'intake') return slot_starts_at ? 'booked' : 'answering';
  return null;
}

/** How many there are of each: one line over one list. */
function Counts({ entries }: { entries: readonly QueueEntry[] }) {
  const t = useTranslations('visits/queue.list.counts');
  const shown = COUNTED.map((key) => ({
    key,
    count: entries.filter((entry) => counted(entry) === key).length,
  })).filter(({ key, count }) => count > 0 || key === 'waiting');
  return (
    <p className={classes.counts}>{shown.map(({ key, count }) => t(key, { count })).join(' · ')}</p>
  );
}
