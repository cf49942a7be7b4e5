import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useLiveQueries } from '@/lib/live/useLive';
import { useTimes } from '@/lib/time/useTimes';
import { showToast } from '@/ui/toasts/toast';
import classes from './AccountNotices.module.css';

const KEY = ['security-events'];

/** Something was done to one's sign-in on another device: it stays here until one says whether it was oneself. */
export function SecurityNotice() {
  const t = useTranslations('profile.notice');
  const times = useTimes();
  const [asking, setAsking] = useState(false);
  const query = useQuery({
    queryKey: KEY,
    queryFn: () => take(api.GET('/api/me/security-events')),
  });
  const events = query.data ?? [];
  useLiveQueries({ 'security.changed': KEY });
  const answer = useAction({
    run: (whose: 'mine' | 'not-mine') =>
      whose === 'mine'
        ? api.POST('/api/me/security-events/mine', { body: { events: events.map(({ id }) => id) } })
        : api.POST('/api/me/security-events/not-mine'),
    invalidates: [KEY, ['sessions'], ['devices']],
    onDone: (_, whose) => {
      setAsking(false);
      if (whose === 'not-mine') showToast({ text: t('ended') });
    },
  });
  if (events.length === 0) return null;
  return (
    <Alert
      className={classes.notice ?? ''}
      color="red"
      role="region"
      aria-label={t('title')}
      title={t('title')}
      icon={<IconShieldExclamation aria-hidden />}
    >
      <Stack gap="sm">
        <ul className={classes.events}>
          {events.map(({ id, change, device, at }) => (
            <li key={id}>
              {t('event', {
                what: t.has(`change.${change}`) ? t(`change.${change}`) : t('change.other'),
                device: device || t('unknownDevice'),
                time: times.dateTime(at),
              })}
            </li>
          ))}
        </ul>
        <FormProblem of={answer.error} />
        {asking ? (
          <>
            <Text role="status">{t('notMineConsequence')}</Text>
            <Group gap="sm">
              <Button
                color="red"
                autoFocus
                loading={answer.isPending}
                onClick={() => answer.mutate('not-mine')}
              >
                {t('notMineConfirm')}
              </Button>
              <Button variant="default" onClick={() => setAsking(false)}>
                {t('back')}
              </Button>
            </Group>
          </>
        ) : (
          <Group gap="sm">
            <Button
              variant="default"
              loading={answer.isPending}
              onClick={() => answer.mutate('mine')}
            >
              {t('mine')}
            </Button>
            <Button variant="default" onClick={() => setAsking(true)}>
              {t('notMine')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
