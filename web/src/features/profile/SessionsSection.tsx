import { Button, Group } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useLiveQueries } from '@/lib/live/useLive';
import { useSignOut } from '@/lib/session/ending';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';

const KEY = ['sessions'];

/** Where one is signed in. Whatever one does not know can be ended. */
export function SessionsSection() {
  const t = useTranslations('profile.sessions');
  const times = useTimes();
  const signOut = useSignOut();
  const query = useQuery({ queryKey: KEY, queryFn: () => take(api.GET('/api/sessions')) });
  useLiveQueries({ 'session.ended': KEY });
  const end = useAction({
    run: (session_id: string, init) =>
      take(
        api.POST('/api/sessions/{session_id}/end', { params: { path: { session_id } }, ...init }),
      ),
    invalidates: [KEY],
  });
  return (
    <Section title={t('title')}>
      <FormProblem of={end.error} />
      <QueryState of={query}>
        {(sessions) => (
          <Rows label={t('title')}>
            {sessions.map(({ id, device, last_seen_at, current }) => (
              <Row
                key={id}
                title={device || t('unknownDevice')}
                detail={t('lastUsed', { time: times.dateTime(last_seen_at) })}
                aside={
                  current ? (
                    <StatusBadge tone="active">{t('here')}</StatusBadge>
                  ) : (
                    <Button
                      variant="default"
                      size="sm"
                      loading={end.isPending && end.variables === id}
                      onClick={() => end.mutate(id)}
                    >
                      {t('end')}
                    </Button>
                  )
                }
              />
            ))}
          </Rows>
        )}
      </QueryState>
      <Group mt="md">
        <Button variant="default" onClick={() => signOut('everywhere')}>
          {t('endAll')}
        </Button>
      </Group>
    </Section>
  );
}
