import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useLiveQueries } from '@/lib/live/useLive';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';

const KEY = ['devices'];

/** Where a code alone is enough. A device that is forgotten is asked again who one is. */
export function DevicesSection() {
  const t = useTranslations('profile.devices');
  const times = useTimes();
  const query = useQuery({ queryKey: KEY, queryFn: () => take(api.GET('/api/me/devices')) });
  useLiveQueries({ 'security.changed': KEY });
  const forget = useAction({
    run: (device_id: string) =>
      api.DELETE('/api/me/devices/{device_id}', { params: { path: { device_id } } }),
    invalidates: [KEY],
  });
  return (
    <Section title={t('title')}>
      <Text c="dimmed" mb="sm">
        {t('lead')}
      </Text>
      <FormProblem of={forget.error} />
      <QueryState of={query}>
        {(devices) =>
          devices.length === 0 ? (
            <Text>{t('none')}</Text>
          ) : (
            <Rows label={t('title')}>
              {devices.map(({ id, device, last_used_at, current }) => (
                <Row
                  key={id}
                  title={`${device || t('unknown')}${current ? ` · ${t('here')}` : ''}`}
                  detail={t('lastUsed', { time: times.dateTime(last_used_at) })}
                  aside={
                    <Button
                      variant="default"
                      size="sm"
                      aria-label={t('forgetOne', { device: device || t('unknown') })}
                      loading={forget.isPending && forget.variables === id}
                      onClick={() => forget.mutate(id)}
                    >
                      {t('forget')}
                    </Button>
                  }
                />
              ))}
            </Rows>
          )
        }
      </QueryState>
    </Section>
  );
}
