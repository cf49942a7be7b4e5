import { Stack, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { AdultFields } from '../fields/AdultFields';
import { useIntakeForm } from '../form';
import type { Intake } from '../model';

/** Which adult is with the child. */
export default function AdultStep({ intake }: { intake: Intake }) {
  const t = useTranslations('profile/relations.naming');
  const { draft, change, error } = useIntakeForm();
  return (
    <Stack gap="lg">
      <Text c="dimmed">{t('lead', { clinic: intake.clinic_name })}</Text>
      <AdultFields
        adult={draft.adult}
        known={intake.adults ?? []}
        onChange={(adult, path) => change((now) => ({ ...now, adult }), path)}
        error={error}
      />
    </Stack>
  );
}
