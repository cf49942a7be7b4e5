import { useTranslations } from 'use-intl';
import { useIntakeForm } from '../form';
import type { Medicine } from '../model';
import { SuggestField } from '../SuggestField';
import { type MedicineFound, searchMedicines } from '../search';
import { EntriesStep } from './EntriesStep';

export function MedicinesStep() {
  const t = useTranslations('intake.medicines');
  const { draft, change, error } = useIntakeForm();
  const edit = (recipe: (list: Medicine[]) => Medicine[], path: string) =>
    change((before) => ({ ...before, medicines: recipe(before.medicines) }), path);
  const name = (key: string, text: string, rxcui: string | null) =>
    edit(
      (list) => list.map((each) => (each.key === key ? { ...each, name: text, rxcui } : each)),
      `medicines.${key}`,
    );
  return (
    <EntriesStep
      kind="medicines"
      nameField="name"
      entries={draft.medicines.map(({ key, name, directions, status }) => ({
        key,
        name,
        detail: directions,
        status,
      }))}
      nameInput={(entry, wrong) => (
        <SuggestField
          label={t('name')}
          value={entry.name}
          error={wrong}
          onType={(text) => name(entry.key, text, null)}
          onPick={(found) => name(entry.key, found.name, (found as MedicineFound).rxcui)}
          source="medicines"
          search={searchMedicines}
        />
      )}
      none={draft.no_medicines}
      error={error}
      onChange={(key, { name, detail, status }) =>
        edit(
          (list) =>
            list.map((each) =>
              each.key === key
                ? {
                    ...each,
                    name: name ?? each.name,
                    directions: detail ?? each.directions,
                    status: status ?? each.status,
                  }
                : each,
            ),
          `medicines.${key}`,
        )
      }
      onAdd={() =>
        change(
          (before) => ({
            ...before,
            no_medicines: false,
            medicines: [
              ...before.medicines,
              { key: crypto.randomUUID(), name: '', directions: '', status: 'new' },
            ],
          }),
          'medicines',
        )
      }
      onRemove={(key) => edit((list) => list.filter((each) => each.key !== key), 'medicines')}
      onNone={(none) => change((before) => ({ ...before, no_medicines: none }), 'no_medicines')}
    />
  );
}
