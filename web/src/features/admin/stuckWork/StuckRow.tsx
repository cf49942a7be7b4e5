import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { useTimes } from '@/lib/time/useTimes';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Row } from '@/ui/links/Row';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { showToast } from '@/ui/toasts/toast';
import classes from './StuckWorkPage.module.css';
import { type Kind, RETRY, SET_ASIDE, type StuckItem, useDeed } from './stuckWork';

interface StuckRowProps {
  kind: Kind;
  item: StuckItem;
}

/** One piece of work: its code, why it is stuck, and what may be done. */
export function StuckRow({ kind, item }: StuckRowProps) {
  const t = useTranslations('admin.stuckWork');
  const times = useTimes();
  const facts = [
    t('since', { time: times.dateTime(item.since) }),
    t('tries', { count: item.tries }),
    item.error ? t('error', { error: item.error }) : t('noError'),
    item.next_try_at && t('next', { time: times.dateTime(item.next_try_at) }),
  ];
  return (
    <Row
      title={
        <>
          <code className={classes.code}>{item.name}</code>{' '}
          {item.given_up && <StatusBadge tone="danger">{t('givenUp')}</StatusBadge>}
        </>
      }
      detail={
        <>
          {facts.filter(Boolean).join(' · ')}
          <span className={classes.id}>{t('id', { id: item.id })}</span>
        </>
      }
      aside={
        <Group gap="xs">
          <Retry kind={kind} item={item} />
          {kind !== 'prescriptions' && <SetAside kind={kind} item={item} />}
        </Group>
      }
    />
  );
}

function useEnds(done: 'retried' | 'wasSetAside') {
  const t = useTranslations('admin.stuckWork');
  const errorText = useErrorText();
  return {
    done: () => showToast({ text: t(done) }),
    failed: (problem: ApiProblem) =>
      showToast({
        text: problem.status === 404 ? t('gone') : errorText(problem.code),
        tone: 'danger',
      }),
  };
}

function Retry({ kind, item }: StuckRowProps) {
  const t = useTranslations('admin.stuckWork');
  const retry = useDeed(RETRY[kind], useEnds('retried'));
  return (
    <Button
      size="compact-md"
      variant="default"
      loading={retry.isPending}
      aria-label={t('retryOf', { name: item.name })}
      onClick={() => retry.mutate(item.id)}
    >
      {t('retry')}
    </Button>
  );
}

function SetAside({ kind, item }: { kind: 'events' | 'notices'; item: StuckItem }) {
  const t = useTranslations('admin.stuckWork');
  const setAside = useDeed(SET_ASIDE[kind], useEnds('wasSetAside'));
  return (
    <ConfirmButton
      size="compact-md"
      variant="subtle"
      color="red"
      danger
      aria-label={t('asideOf', { name: item.name })}
      loading={setAside.isPending}
      question={t('asideQuestion')}
      consequence={kind === 'events' ? t('asideEvent', { name: item.name }) : t('asideNotice')}
      confirm={t('aside')}
      onConfirm={() => setAside.mutate(item.id)}
    >
      {t('aside')}
    </ConfirmButton>
  );
}
