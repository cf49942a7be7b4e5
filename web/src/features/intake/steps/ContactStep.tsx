import { Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { readablePhone } from '@/lib/phone';
import { ChoiceCards } from '../fields/ChoiceCards';
import { setting, useIntakeForm } from '../form';

const WAYS = ['phone', 'sms', 'email'] as const;

/** How to reach the patient if the video fails. */
export function ContactStep() {
  const t = useTranslations('intake.contact');
  const { draft, change, error } = useIntakeForm();
  return (
    <Stack gap="xl">
      <TextInput
        type="tel"
        autoComplete="tel"
        label={t('phone')}
        description={t('phoneHint')}
        value={readablePhone(draft.contact.callback_phone)}
        onChange={(event) =>
          change(
            setting('contact', 'callback_phone', event.currentTarget.value),
            'contact.callback_phone',
          )
        }
        error={error('contact.callback_phone')}
        maxLength={40}
      />
      <ChoiceCards
        label={t('reachBy')}
        kind="radio"
        choices={WAYS.map((value) => ({ value, label: t(value === 'phone' ? 'call' : value) }))}
        chosen={[draft.contact.reach_by]}
        onChoose={(value) => change(setting('contact', 'reach_by', value), 'contact.reach_by')}
        error={error('contact.reach_by', 'choose')}
      />
    </Stack>
  );
}
