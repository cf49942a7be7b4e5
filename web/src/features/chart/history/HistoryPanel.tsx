import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { Changes } from './Changes';
import classes from './History.module.css';
import { historyQuery, type Version } from './queries';

interface HistoryPanelProps {
  recordId: string;
  patientId: string;
  name: string;
  onClose: () => void;
}

/** Every version of an entry of the chart, the newest first: who, when, from whom, and what changed. */
export default function HistoryPanel({ recordId, patientId, name, onClose }: HistoryPanelProps) {
  const t = useTranslations('chart.history');
  const actions = useTranslations('actions');
  const query = useQuery(historyQuery(patientId, recordId));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title', { name })}
      size="lg"
      closeButtonProps={{ 'aria-label': actions('close') }}
    >
      <UnlessLocked of={query}>
        <QueryState of={query}>
          {(versions) => (
            <ol className={classes.versions} reversed>
              {[...versions].reverse().map((each) => (
                <OneVersion key={each.version} of={each} />
              ))}
            </ol>
          )}
        </QueryState>
      </UnlessLocked>
    </Modal>
  );
}

function OneVersion({ of }: { of: Version }) {
  const t = useTranslations('chart.history');
  const times = useTimes();
  return (
    <li className={classes.version}>
      <p className={classes.who}>
        <span className={classes.author}>{of.author ?? t('nobody')}</span>
        <span>{times.dateTime(of.at)}</span>
        <span>{t(`source.${of.source as 'patient' | 'clinician' | 'import'}`)}</span>
        {of.in_error && <StatusBadge tone="danger">{t('inError')}</StatusBadge>}
      </p>
      {of.reason && of.source !== 'import' && (
        <p className={classes.reason}>{t('because', { reason: of.reason })}</p>
      )}
      <Changes of={of.changes} first={of.version === 1} />
    </li>
  );
}
