import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useOpened } from '@/lib/focus/useOpened';
import { HistoryButton } from '../history/HistoryButton';
import { TakeBack } from '../history/TakeBack';
import { UnsentOfRecord } from '../outbox/UnsentInChart';
import classes from './Summary.module.css';

interface RecordLineProps {
  id: string;
  version: number;
  patientId: string;
  name: string | null;
  detail?: string | null;
  source: string;
  danger?: boolean;
  editable: boolean;
  onConfirm?: () => void;
  onEnd?: { label: string; run: () => void };
}

/** One fact of the chart, who says so, and what can be done with it. */
export function RecordLine(props: RecordLineProps) {
  const { id, version, patientId, name, detail, source, danger = false, editable } = props;
  const { onConfirm, onEnd } = props;
  const { opened, open, close } = useOpened<true>();
  const t = useTranslations('chart.summary');
  const told = source === 'patient';
  return (
    <li className={classes.item} data-danger={danger}>
      <span className={classes.words}>
        <span className={classes.name}>{name}</span>
        {(detail || told) && (
          <span className={classes.below}>
            {detail}
            {detail && told && ' · '}
            {told && <span className={classes.source}>{t('patientReported')}</span>}
          </span>
        )}
        <UnsentOfRecord recordId={id} onEdit={opened ? null : () => open(true)} />
        {opened && (
          <TakeBack
            id={id}
            version={version}
            name={name ?? ''}
            patientId={patientId}
            close={close}
          />
        )}
      </span>
      {!opened && <HistoryButton recordId={id} patientId={patientId} name={name ?? ''} />}
      {editable && !opened && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={t('more', { name: name ?? '' })}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {told && onConfirm && <Menu.Item onClick={onConfirm}>{t('confirm')}</Menu.Item>}
            {onEnd && <Menu.Item onClick={onEnd.run}>{onEnd.label}</Menu.Item>}
            <Menu.Item onClick={() => open(true)}>{t('inError')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
