import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useTimes } from '@/lib/time/useTimes';
import { Marks } from '@/ui/Marks';
import { Row } from '@/ui/Row';
import { type Opening, PRIVACY } from './queries';

const ROLES = ['clinician', 'coordinator', 'admin', 'privacy'] as const;

/** One opening: whose chart, by whom, why; and that somebody has looked at it. */
export function OpeningRow({ opening }: { opening: Opening }) {
  const t = useTranslations('admin.privacy');
  const times = useTimes();
  const roles = ROLES.filter((role) => opening.roles.includes(role)).map((role) =>
    t(`role.${role}`),
  );
  const marks = {
    birth_date: opening.patient_birth_date,
    mrn: opening.patient_mrn,
    phone: null,
  };
  return (
    <Row
      title={opening.patient_name}
      detail={
        <Stack gap={4} component="span">
          <Marks of={marks} {...(opening.why ? { more: t(`why.${opening.why}`) } : {})} />
          <Text component="span" fw={600}>
            {opening.reason}
          </Text>
          <span>
            {t('by', {
              name: opening.by,
              roles: roles.join(', '),
              time: times.dateTime(opening.at),
            })}
          </span>
          {opening.reviewed_at ? (
            <span>
              {t('reviewedBy', {
                name: opening.reviewed_by ?? '',
                time: times.dateTime(opening.reviewed_at),
              })}
              {opening.review && `: ${opening.review}`}
            </span>
          ) : (
            <Review opening={opening} />
          )}
        </Stack>
      }
    />
  );
}

function Review({ opening }: { opening: Opening }) {
  const t = useTranslations('admin.privacy');
  const [note, setNote] = useState('');
  const review = useAction({
    run: (words: string, init) =>
      take(
        api.POST('/api/privacy/openings/{opening_id}/review', {
          params: { path: { opening_id: opening.id } },
          body: { review: words },
          ...init,
        }),
      ),
    invalidates: [PRIVACY],
  });
  return (
    <>
      <Group gap="sm" component="span" align="end">
        <TextInput
          label={t('note')}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={500}
        />
        <Button
          variant="default"
          loading={review.isPending}
          aria-label={t('reviewOf', { name: opening.by })}
          onClick={() => review.mutate(note)}
        >
          {t('review')}
        </Button>
      </Group>
      {review.error && (
        <Text component="span" c="red" role="alert">
          <ErrorText code={review.error.code} />
        </Text>
      )}
    </>
  );
}
