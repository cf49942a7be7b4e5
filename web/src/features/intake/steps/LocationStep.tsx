import { Button, Stack, TextInput } from '@mantine/core';
import { IconHome } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { STATES } from '@/lib/states';
import { Select } from '../fields/fields';
import { named } from '../fields/places';
import { setting, useIntakeForm } from '../form';
import type { Intake } from '../model';
import { ExactPosition } from './ExactPosition';
import classes from './Steps.module.css';

/** Where nearly everyone is; the other countries come when somebody looks for theirs. */
const NEAR = ['US', 'MX', 'CA'];

type Field = 'line' | 'city' | 'state' | 'zip' | 'country';

/** Where the patient is now: where help would be sent, and whose licence counts. */
export function LocationStep({ home }: { home: Intake['home'] }) {
  const t = useTranslations('intake.location');
  const { draft, change, error, language } = useIntakeForm();
  const { location } = draft;
  const [codes, setCodes] = useState<readonly string[]>(NEAR);
  const abroad = location.country !== 'US';
  const set = (field: Field, value: string) =>
    change(setting('location', field, value), 'location.');
  const field = (name: Field) => ({
    label: t(name === 'state' && abroad ? 'region' : name),
    value: location[name],
    onChange: (event: { currentTarget: { value: string } }) => set(name, event.currentTarget.value),
    error: error(`location.${name}`),
  });

  return (
    <Stack gap="lg">
      {home && (
        <Button
          variant="default"
          className={classes.offer ?? ''}
          leftSection={<IconHome size={20} aria-hidden />}
          onClick={() =>
            change(
              (before) => ({ ...before, location: { ...before.location, ...home } }),
              'location.',
            )
          }
        >
          {t('atHome', { place: [home.line, home.city].filter(Boolean).join(', ') })}
        </Button>
      )}
      <TextInput {...field('line')} maxLength={200} autoComplete="off" />
      <div className={classes.pair}>
        <TextInput {...field('city')} maxLength={200} autoComplete="off" />
        {abroad ? (
          <TextInput {...field('state')} maxLength={200} autoComplete="off" />
        ) : (
          <Select
            {...field('state')}
            options={[
              { value: '', label: t('chooseState') },
              ...Object.entries(STATES).map(([value, label]) => ({ value, label })),
            ]}
          />
        )}
      </div>
      <div className={classes.pair}>
        <TextInput
          {...field('zip')}
          label={t(abroad ? 'postcode' : 'zip')}
          maxLength={12}
          inputMode={abroad ? 'text' : 'numeric'}
          autoComplete="off"
        />
        <Select
          {...field('country')}
          options={named([...new Set([...codes, location.country])], language)}
          onFocus={() => void import('@/lib/countries').then((all) => setCodes(all.COUNTRIES))}
        />
      </div>
      <ExactPosition />
    </Stack>
  );
}
