import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { dialLink } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import { LinkButton } from '@/ui/links/LinkButton';
import type { QueueEntry } from '../model';
import classes from './Queue.module.css';
import type { QueueActions } from './useQueueActions';

const LATE = [10, 20, 30, 45];

/**
 * What can be done with this patient: one thing in sight, the rest in a menu. A visit whose clinician is not in the
 * call can be put back by everybody, or a patient would wait for somebody who has gone home.
 */
export function RowActions({ entry, actions }: { entry: QueueEntry; actions: QueueActions }) {
  const { roles, account_id: me } = usePerson();
  const mine = entry.clinician?.id === me;
  if (entry.status === 'admitted' && !mine) {
    if (entry.in_call.includes('clinician')) return <span />;
    return (
      <div className={classes.actions}>
        <More entry={entry} actions={actions} mine={false} />
      </div>
    );
  }
  const clinician = roles.includes('clinician');
  return (
    <div className={classes.actions}>
      <div className={classes.main}>
        <CallNow entry={entry} actions={actions} />
        {clinician && <MainAction entry={entry} actions={actions} />}
      </div>
      {clinician && <More entry={entry} actions={actions} mine />}
    </div>
  );
}

/** Somebody in danger is called by phone before they are in the waiting room. Who called is seen by all. */
function CallNow({ entry, actions }: { entry: QueueEntry; actions: QueueActions }) {
  const t = useTranslations('visits/queue.list');
  if (entry.red_flags.length === 0 || entry.status === 'admitted') return null;
  if (!entry.callback_phone) return <span className={classes.noPhone}>{t('noPhone')}</span>;
  return (
    <Button
      component="a"
      href={dialLink(entry.callback_phone)}
      color="red"
      leftSection={<IconPhone size={18} aria-hidden />}
      onClick={() => actions.phoned.mutate(entry.visit_id)}
    >
      {t('callNow')}
      <span className="visually-hidden"> {entry.patient.name}</span>
    </Button>
  );
}

function MainAction({ entry, actions }: { entry: QueueEntry; actions: QueueActions }) {
  const t = useTranslations('visits/queue.list');
  const { admit } = actions;
  const inDanger = entry.red_flags.length > 0 && ['intake', 'left'].includes(entry.status);
  if (entry.status === 'waiting' || inDanger) {
    const busy = admit.isPending && admit.variables?.entry.visit_id === entry.visit_id;
    return (
      <Button data-main-action data-admit loading={busy} onClick={() => admit.mutate({ entry })}>
        {t(inDanger ? 'admitNow' : 'admit')}
        <span className="visually-hidden"> {entry.patient.name}</span>
      </Button>
    );
  }
  if (entry.status === 'admitted') {
    return (
      <LinkButton
        data-main-action
        to="/encounter/$visitId"
        params={{ visitId: entry.visit_id }}
        variant="light"
      >
        {t('open')}
        <span className="visually-hidden"> {entry.patient.name}</span>
      </LinkButton>
    );
  }
  return null;
}

interface MoreProps {
  entry: QueueEntry;
  actions: QueueActions;
  /** Whether this clinician has, or may take, the visit. */
  mine: boolean;
}

function More({ entry, actions, mine }: MoreProps) {
  const t = useTranslations('visits/queue.list');
  const id = entry.visit_id;
  const admitted = entry.status === 'admitted';
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" size="lg" aria-label={t('more', { name: entry.patient.name })}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {admitted ? (
          <Menu.Item onClick={() => actions.putBack.mutate(id)}>{t('putBack')}</Menu.Item>
        ) : (
          <>
            <Menu.Label>{t('late')}</Menu.Label>
            {LATE.map((minutes) => (
              <Menu.Item key={minutes} onClick={() => actions.runningLate.mutate({ id, minutes })}>
                {t('lateBy', { minutes })}
              </Menu.Item>
            ))}
          </>
        )}
        {mine && (
          <>
            <Menu.Divider />
            <Menu.Item color="red" onClick={() => actions.noShow.mutate(id)}>
              {t('noShow')}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
