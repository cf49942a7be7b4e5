import { Stack, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { readablePhone } from '@/lib/phone';
import type { Draft, Intake } from '../model';
import { ChoiceCards } from './ChoiceCards';
import { Select } from './fields';

type Adult = Draft['adult'];
const OTHER = 'other';
/** What an adult may be to a child, as one would look for it. */
const RELATIONSHIPS = [
  'MTH',
  'FTH',
  'PRN',
  'STPPRN',
  'GRPRN',
  'GUARD',
  'SIB',
  'EXT',
  'FRND',
] as const;

interface AdultFieldsProps {
  adult: Adult;
  /** Those whom the clinic knows beside the child. */
  known: NonNullable<Intake['adults']>;
  onChange: (adult: Adult, path: string) => void;
  error: (path: string, missing?: 'choose') => ReactNode;
}

/** A number that this device is not told stays while nothing else is typed, and with the same adult only. */
const keepsNumber = (before: Adult, now: Adult): boolean =>
  before.phone_given &&
  !now.phone &&
  now.relation_id === before.relation_id &&
  now.name.trim() === before.name.trim();

/** Which adult is with the child: one whom the clinic knows, or somebody else by name, relationship and phone. */
export function AdultFields({ adult, known, onChange, error }: AdultFieldsProps) {
  const t = useTranslations('profile/relations.naming');
  const relationship = useTranslations('profile/relations.relationship');
  const [other, setOther] = useState(!adult.relation_id && Boolean(adult.name));
  const typed = other || known.length === 0;
  const chosen = known.find(({ relation_id }) => relation_id === adult.relation_id);
  const [before] = useState(adult);
  const set = (field: keyof Adult, value: string | null) => {
    const next = { ...adult, [field]: value };
    onChange({ ...next, phone_given: keepsNumber(before, next) }, `adult.${field}`);
  };
  const choose = (value: string) => {
    setOther(value === OTHER);
    set('relation_id', value === OTHER ? null : value);
  };
  const gone =
    error('adult.relation_id') ?? (!typed && !chosen ? error('adult.name', 'choose') : null);
  return (
    <Stack gap="xl">
      {known.length > 0 && (
        <ChoiceCards
          label={t('who')}
          labelHidden
          kind="radio"
          choices={[
            ...known.map(({ relation_id, name, relationship: as, oneself }) => ({
              value: relation_id,
              label: t(oneself ? 'you' : 'known', { name, as: relationship(as) }),
            })),
            { value: OTHER, label: t('other') },
          ]}
          chosen={[typed ? OTHER : (adult.relation_id ?? '')]}
          onChoose={choose}
          error={gone}
        />
      )}
      {typed && (
        <>
          <TextInput
            label={t('name')}
            autoComplete="off"
            maxLength={200}
            value={adult.name}
            onChange={(event) => set('name', event.currentTarget.value)}
            error={error('adult.name')}
          />
          <Select
            label={t('relationship')}
            value={adult.relationship ?? ''}
            onChange={(event) => set('relationship', event.currentTarget.value || null)}
            error={error('adult.relationship', 'choose')}
            options={[
              { value: '', label: t('choose') },
              ...RELATIONSHIPS.map((value) => ({ value, label: relationship(value) })),
            ]}
          />
        </>
      )}
      {(typed || (chosen && !chosen.phone_known)) && (
        <TextInput
          type="tel"
          label={t('phone')}
          description={t(adult.phone_given ? 'phoneGiven' : 'phoneHint')}
          autoComplete="off"
          maxLength={40}
          value={readablePhone(adult.phone ?? '')}
          onChange={(event) => set('phone', event.currentTarget.value)}
          error={error('adult.phone')}
        />
      )}
    </Stack>
  );
}
