import { Button, Stack, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { ChoiceCards } from '../fields/ChoiceCards';
import { SuggestField } from '../fields/SuggestField';
import { type MedicineFound, searchMedicines } from '../fields/search';
import { useIntakeForm } from '../form';
import type { Allergy, Medicine } from '../model';
import classes from './Steps.module.css';

/** What allergies and medicines call the same things. */
const FIELDS = {
  allergies: { name: 'substance', detail: 'reaction', none: 'no_allergies' },
  medicines: { name: 'name', detail: 'directions', none: 'no_medicines' },
} as const;

/** An allergy or a medicine, read by the names above. */
type Entry = Pick<Allergy & Medicine, 'key' | 'status'> & Partial<Allergy & Medicine>;

/** What the record knows is confirmed or taken back, what is new is added, or there is nothing. */
export function EntriesStep({ kind }: { kind: keyof typeof FIELDS }) {
  const t = useTranslations(`intake.${kind}`);
  const { draft, change, error } = useIntakeForm();
  const { name, detail, none } = FIELDS[kind];
  const entries: readonly Entry[] = draft[kind];
  const left = entries.filter((entry) => entry.status !== 'removed');

  const put = (list: readonly Entry[], nothing = draft[none]) =>
    change((before) => ({ ...before, [kind]: list, [none]: nothing }), `${kind}.`);
  const edit = (entry: Entry, changed: Partial<Entry>) =>
    put(entries.map((each) => (each === entry ? { ...each, ...changed } : each)));
  const add = () =>
    put([...entries, { key: crypto.randomUUID(), [name]: '', [detail]: '', status: 'new' }], false);
  const wrong = (entry: Entry, field: string) =>
    error(`${kind}.${entry.key}.${field}`, field === 'status' ? 'choose' : undefined);

  const nameOf = (entry: Entry) => entry[name] ?? '';
  const nameInput = (entry: Entry) => {
    const field = { label: t('name'), value: nameOf(entry), error: wrong(entry, name) };
    return kind === 'medicines' ? (
      <SuggestField
        {...field}
        onType={(text) => edit(entry, { name: text, rxcui: null })}
        onPick={(found) => edit(entry, { name: found.name, rxcui: (found as MedicineFound).rxcui })}
        source={kind}
        search={searchMedicines}
      />
    ) : (
      <TextInput
        {...field}
        onChange={(event) => edit(entry, { [name]: event.currentTarget.value })}
        maxLength={200}
      />
    );
  };

  return (
    <Stack gap="md">
      {entries.map((entry) =>
        entry.status === 'new' ? (
          <fieldset key={entry.key} className={classes.entry}>
            <legend className="visually-hidden">{nameOf(entry) || t('new')}</legend>
            {nameInput(entry)}
            <TextInput
              label={t('detail')}
              value={entry[detail] ?? ''}
              onChange={(event) => edit(entry, { [detail]: event.currentTarget.value })}
              maxLength={200}
            />
            <Button
              variant="subtle"
              size="compact-md"
              leftSection={<IconTrash size={18} aria-hidden />}
              onClick={() => put(entries.filter((each) => each !== entry))}
            >
              {t('remove', { name: nameOf(entry) || t('new') })}
            </Button>
          </fieldset>
        ) : (
          <div key={entry.key} className={classes.entry}>
            <ChoiceCards
              label={
                <>
                  {nameOf(entry)}
                  {entry[detail] && <span className={classes.detail}> · {entry[detail]}</span>}
                </>
              }
              kind="radio"
              layout="row"
              choices={[
                { value: 'confirmed', label: t('still') },
                { value: 'removed', label: t('noMore') },
              ]}
              chosen={[entry.status]}
              onChoose={(value) => edit(entry, { status: value as 'confirmed' | 'removed' })}
              error={wrong(entry, 'status')}
            />
          </div>
        ),
      )}
      <Button
        variant="default"
        className={classes.offer ?? ''}
        leftSection={<IconPlus size={20} aria-hidden />}
        onClick={add}
      >
        {t(entries.length > 0 ? 'addAnother' : 'add')}
      </Button>
      {(left.length === 0 || draft[none]) && (
        <ChoiceCards
          label={t('noneQuestion')}
          labelHidden
          kind="checkbox"
          choices={[{ value: 'none', label: t('none') }]}
          chosen={draft[none] ? ['none'] : []}
          onChoose={(_value, nothing) => put(entries, nothing)}
          error={error(none, 'add_or_none')}
        />
      )}
    </Stack>
  );
}
