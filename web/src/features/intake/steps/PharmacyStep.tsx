import { TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useIntakeForm } from '../form';

/** Where a prescription would go. */
export function PharmacyStep() {
  const t = useTranslations('intake.pharmacy');
  const { draft, change, error } = useIntakeForm();
  return (
    <TextInput
      label={t('name')}
      description={t('hint')}
      value={draft.pharmacy.name}
      onChange={(event) => {
        const name = event.currentTarget.value;
        change((before) => ({ ...before, pharmacy: { id: null, name } }), 'pharmacy.id');
      }}
      error={error('pharmacy.id')}
      maxLength={200}
    />
  );
}
