import { Button, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { ChoiceCards } from '../ChoiceCards';
import type { Form } from '../form';
import classes from './Steps.module.css';

/** One allergy or medicine as this screen needs it. */
export interface Entry {
  key: string;
  name: string;
  detail: string;
  status: '' | 'confirmed' | 'removed' | 'new';
}

interface EntriesStepProps {
  /** Where its texts are: `intake.allergies` or `intake.medicines`. */
  kind: 'allergies' | 'medicines';
  entries: readonly Entry[];
  none: boolean;
  onChange: (key: string, change: Partial<Omit<Entry, 'key'>>) => void;
  onAdd: () => void;
  onRemove: (key: string) => void;
  onNone: (none: boolean) => void;
  error: Form['error'];
  nameField: string;
  /** The field for a name, where it is more than a text. */
  nameInput?: (entry: Entry, error: ReactNode) => ReactNode;
}

/** What the record knows is confirmed or taken back, what is new is added, or there is nothing. */
export function EntriesStep(props: EntriesStepProps) {
  const { kind, entries, none, onChange, onAdd, onRemove, onNone, error, nameField } = props;
  const t = useTranslations(`intake.${kind}`);
  const path = (entry: Entry, field: string) => `${kind}.${entry.key}.${field}`;
  const left = entries.filter((entry) => entry.status !== 'removed');
  return (
    <Stack gap="md">
      {entries.map((entry) =>
        entry.status === 'new' ? (
          <fieldset key={entry.key} className={classes.entry}>
            <legend className="visually-hidden">{entry.name || t('new')}</legend>
            {props.nameInput?.(entry, error(path(entry, nameField))) ?? (
              <TextInput
                label={t('name')}
                value={entry.name}
                onChange={(event) => onChange(entry.key, { name: event.currentTarget.value })}
                error={error(path(entry, nameField))}
                maxLength={200}
              />
            )}
            <TextInput
              label={t('detail')}
              value={entry.detail}
              onChange={(event) => onChange(entry.key, { detail: event.currentTarget.value })}
              maxLength={200}
            />
            <Button
              variant="subtle"
              size="compact-md"
              leftSection={<IconTrash size={18} aria-hidden />}
              onClick={() => onRemove(entry.key)}
            >
              {t('remove', { name: entry.name || t('new') })}
            </Button>
          </fieldset>
        ) : (
          <div key={entry.key} className={classes.entry}>
            <ChoiceCards
              label={
                <>
                  {entry.name}
                  {entry.detail && <span className={classes.detail}> · {entry.detail}</span>}
                </>
              }
              kind="radio"
              layout="row"
              choices={[
                { value: 'confirmed', label: t('still') },
                { value: 'removed', label: t('noMore') },
              ]}
              chosen={[entry.status]}
              onChoose={(value) =>
                onChange(entry.key, { status: value as 'confirmed' | 'removed' })
              }
              error={error(path(entry, 'status'), 'choice')}
            />
          </div>
        ),
      )}
      <Button
        variant="default"
        className={classes.offer ?? ''}
        leftSection={<IconPlus size={20} aria-hidden />}
        onClick={onAdd}
      >
        {t(entries.length > 0 ? 'addAnother' : 'add')}
      </Button>
      {(left.length === 0 || none) && (
        <ChoiceCards
          label={t('noneQuestion')}
          labelHidden
          kind="checkbox"
          choices={[{ value: 'none', label: t('none') }]}
          chosen={none ? ['none'] : []}
          onChoose={(_value, on) => onNone(on)}
          error={error(`no_${kind}`, 'choice')}
        />
      )}
    </Stack>
  );
}
