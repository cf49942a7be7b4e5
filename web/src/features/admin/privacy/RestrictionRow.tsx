import { Button, Group, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { asWhole } from '@/lib/api/problem';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useTimes } from '@/lib/time/useTimes';
import { Row } from '@/ui/Row';
import { PRIVACY, type Restriction } from './queries';

/** One restricted chart: why, until when, to whom it stays open; and lifting that. */
export function RestrictionRow({ mark }: { mark: Restriction }) {
  const t = useTranslations('admin.privacy');
  const times = useTimes();
  const [lifting, setLifting] = useState(false);
  const names = mark.named.map(({ name }) => name).join(', ');
  return (
    <Row
      title={mark.patient_name}
      detail={
        <Stack gap={4} component="span">
          <span>
            {t('made', {
              why: t(`why.${mark.why}`),
              reason: mark.reason,
              by: mark.made_by,
              date: times.date(mark.made_at),
            })}
          </span>
          <span>{t('ends', { date: times.date(mark.ends_at) })}</span>
          {names && <span>{t('named', { names })}</span>}
          {lifting && <Lift mark={mark} onCancel={() => setLifting(false)} />}
        </Stack>
      }
      aside={
        !lifting && (
          <Button
            variant="default"
            size="sm"
            aria-label={t('liftOf', { name: mark.patient_name })}
            onClick={() => setLifting(true)}
          >
            {t('lift')}
          </Button>
        )
      }
    />
  );
}

function Lift({ mark, onCancel }: { mark: Restriction; onCancel: () => void }) {
  const t = useTranslations('admin.privacy');
  const [reason, setReason] = useState('');
  const lift = useAction({
    run: (words: string, init) =>
      take(
        api.POST('/api/patients/{patient_id}/restriction/lift', {
          params: { path: { patient_id: mark.patient_id } },
          body: { reason: words },
          ...init,
        }),
      ),
    invalidates: [PRIVACY],
  });
  return (
    <Group gap="sm" component="span" align="end">
      <TextInput
        label={t('liftReason')}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        maxLength={500}
        data-autofocus
        error={lift.error && <ErrorText code={asWhole(lift.error).code} />}
      />
      <Button loading={lift.isPending} onClick={() => lift.mutate(reason)}>
        {t('lift')}
      </Button>
      <Button variant="default" onClick={onCancel}>
        {t('cancel')}
      </Button>
    </Group>
  );
}
