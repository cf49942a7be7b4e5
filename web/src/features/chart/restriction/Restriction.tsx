import { Button, Group, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { useMay } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { RestrictedMark } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { accessQuery, type ChartAccess, type Restriction as Mark } from './access';
import { LiftDialog } from './LiftDialog';
import { RestrictDialog } from './RestrictDialog';

/** Whether the chart is restricted, until when, and to whom it stays open; who may, restricts it or lifts that. */
export function Restriction({ patientId }: { patientId: string }) {
  const t = useTranslations('chart.restriction');
  const access = useQuery(accessQuery(patientId));
  useLiveQueries({ 'chart.access': ['patient', patientId] });
  return (
    <Section title={t('heading')} card>
      <QueryState of={access}>
        {(found) => <Known patientId={patientId} access={found} />}
      </QueryState>
    </Section>
  );
}

function Known({ patientId, access }: { patientId: string; access: ChartAccess }) {
  const t = useTranslations('chart.restriction');
  const times = useTimes();
  const may = useMay()('privacy.restrict');
  const [doing, setDoing] = useState<'restrict' | 'lift' | null>(null);
  const close = () => setDoing(null);
  return (
    <Stack p="md" gap="sm" align="flex-start">
      {access.restricted ? (
        <Group gap="sm">
          <RestrictedMark />
          <Text>{t('restricted')}</Text>
        </Group>
      ) : (
        <Text>{t('unrestricted')}</Text>
      )}
      {access.until && (
        <Text role="status">{t('openUntil', { time: times.time(access.until) })}</Text>
      )}
      {access.restriction && <Details mark={access.restriction} />}
      {may && (
        <Button variant="default" onClick={() => setDoing(access.restricted ? 'lift' : 'restrict')}>
          {t(access.restricted ? 'lift' : 'restrict')}
        </Button>
      )}
      {doing === 'restrict' && <RestrictDialog patientId={patientId} onClose={close} />}
      {doing === 'lift' && <LiftDialog patientId={patientId} onClose={close} />}
    </Stack>
  );
}

function Details({ mark }: { mark: Mark }) {
  const t = useTranslations('chart.restriction');
  const times = useTimes();
  const names = mark.named.map(({ name }) => name).join(', ');
  return (
    <Stack gap={4}>
      <Text>{t(`why.${mark.why}`)}</Text>
      <Text c="dimmed">
        {t('because', { reason: mark.reason, by: mark.made_by, date: times.date(mark.made_at) })}
      </Text>
      <Text>{t('ends', { date: times.date(mark.ends_at) })}</Text>
      <Text>
        {t('named')}: {names || t('nobody')}
      </Text>
    </Stack>
  );
}
