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

interface GenderFieldsProps {
  // biome-ignore lint/suspicious/noExplicitAny: `gender` is one field, whatever else the form holds
  form: Form<any>;
  /** The sex for clinical use was changed together with the legal one. */
  clinicalMoved: boolean;
}

/** Four facts apart: none follows from another, and each may be left open. */
export function GenderFields({ form, clinicalMoved }: GenderFieldsProps) {
  const t = useTranslations('chart/account.gender');
  const facts = Object.entries(FACTS) as [keyof typeof FACTS, readonly string[]][];
  return (
    <>
      {facts.map(([fact, choices]) => (
        <NativeSelect
          key={fact}
          label={t(`label.${fact}`)}
          description={
            fact === 'clinical_sex'
              ? t(clinicalMoved ? 'clinicalMoved' : 'clinicalHint')
              : undefined
          }
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
