import { useIntakeForm } from '../form';
import type { Allergy } from '../model';
import { EntriesStep } from './EntriesStep';

export function AllergiesStep() {
  const { draft, change, error } = useIntakeForm();
  const edit = (recipe: (list: Allergy[]) => Allergy[], path: string) =>
    change((before) => ({ ...before, allergies: recipe(before.allergies) }), path);
  return (
    <EntriesStep
      kind="allergies"
      nameField="substance"
      entries={draft.allergies.map(({ key, substance, reaction, status }) => ({
        key,
        name: substance,
        detail: reaction,
        status,
      }))}
      none={draft.no_allergies}
      error={error}
      onChange={(key, { name, detail, status }) =>
        edit(
          (list) =>
            list.map((each) =>
              each.key === key
                ? {
                    ...each,
                    substance: name ?? each.substance,
                    reaction: detail ?? each.reaction,
                    status: status ?? each.status,
                  }
                : each,
            ),
          `allergies.${key}`,
        )
      }
      onAdd={() =>
        change(
          (before) => ({
            ...before,
            no_allergies: false,
            allergies: [
              ...before.allergies,
              {
                key: crypto.randomUUID(),
                substance: '',
                reaction: '',
                severity: '',
                status: 'new',
              },
            ],
          }),
          'allergies',
        )
      }
      onRemove={(key) => edit((list) => list.filter((each) => each.key !== key), 'allergies')}
      onNone={(none) => change((before) => ({ ...before, no_allergies: none }), 'no_allergies')}
    />
  );
}
