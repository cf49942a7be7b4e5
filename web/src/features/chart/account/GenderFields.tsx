import { NativeSelect, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { Form } from '@/lib/errors/useForm';
import { BIRTH_SEXES, CLINICAL_SEXES, GENDER_IDENTITIES, PRONOUNS } from '@/lib/person/gender';

const FACTS = {
  clinical_sex: CLINICAL_SEXES,
  birth_sex: BIRTH_SEXES,
  gender_identity: GENDER_IDENTITIES,
  pronouns: PRONOUNS,
} as const;

/** Four facts apart: none follows from another, and each may be left open. */
// biome-ignore lint/suspicious/noExplicitAny: `gender` is one field, whatever else the form holds
export function GenderFields({ form }: { form: Form<any> }) {
  const t = useTranslations('chart/account.gender');
  const facts = Object.entries(FACTS) as [keyof typeof FACTS, readonly string[]][];
  return (
    <>
      {facts.map(([fact, choices]) => (
        <NativeSelect
          key={fact}
          label={t(`label.${fact}`)}
          description={fact === 'clinical_sex' ? t('clinicalHint') : undefined}
          data={choices.map((value) => ({ value, label: t(`${fact}.${value}`) }))}
          {...form.field(`gender.${fact}`)}
        />
      ))}
      {form.values.gender.pronouns === 'other' && (
        <TextInput
          label={t('label.pronouns_other')}
          maxLength={40}
          {...form.field('gender.pronouns_other')}
        />
      )}
    </>
  );
}
