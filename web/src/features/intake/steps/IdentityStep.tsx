import { Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { plainDate } from '@/lib/time/useTimes';
import { ChoiceCards } from '../fields/ChoiceCards';
import { TextArea } from '../fields/fields';
import { setting, useIntakeForm } from '../form';
import type { Intake } from '../model';
import classes from './Steps.module.css';

/** Is this who you are? */
export function IdentityStep({ person }: { person: Intake['person'] }) {
  const t = useTranslations('intake.identity');
  const { draft, change, error, language } = useIntakeForm();
  const { confirmed, note } = draft.identity;
  return (
    <Stack gap="xl">
      <dl className={classes.facts}>
        <div>
          <dt>{t('name')}</dt>
          <dd>{person.name}</dd>
        </div>
        <div>
          <dt>{t('born')}</dt>
          <dd>{plainDate(person.birth_date, language)}</dd>
        </div>
      </dl>
      <ChoiceCards
        label={t('question')}
        kind="radio"
        choices={[
          { value: 'yes', label: t('yes') },
          { value: 'no', label: t('no') },
        ]}
        chosen={[confirmed]}
        onChoose={(value) =>
          change(setting('identity', 'confirmed', value as 'yes' | 'no'), 'identity.confirmed')
        }
        error={error('identity.confirmed', 'choose')}
      />
      {confirmed === 'no' && (
        <TextArea
          label={t('note')}
          value={note}
          onChange={(event) =>
            change(setting('identity', 'note', event.currentTarget.value), 'identity.note')
          }
          error={error('identity.note')}
          maxLength={200}
          rows={2}
        />
      )}
    </Stack>
  );
}
