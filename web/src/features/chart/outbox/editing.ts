import { putBackInto } from '@/lib/outbox/editing';
import type { Item } from '@/lib/outbox/item';
import type { ChartLetter } from './kinds';

/** Under which names the forms of a chart keep what is typed. */
export const allergyDraft = (patientId: string): string => `allergy.${patientId}`;
export const medicineDraft = (patientId: string): string => `medicine.${patientId}`;
export const sectionDraft = (type: string, patientId: string): string =>
  `section.${type}.${patientId}`;
export const changeDraft = (recordId: string): string => `section.change.${recordId}`;
export const addendumDraft = (noteId: string): string => `addendum.${noteId}`;
export const inErrorDraft = (recordId: string): string => `record.in-error.${recordId}`;

interface Draft {
  name: string;
  values: Readonly<Record<string, unknown>>;
  /** The field of long text, to which what was begun meanwhile is added. */
  longText: string | null;
}

/** The form in which it was written; null for what was picked or measured, which is entered again. */
export function draftOf(letter: ChartLetter): Draft | null {
  if (letter.deed === 'inError')
    return letter.reason === null
      ? null
      : {
          name: inErrorDraft(letter.recordId),
          values: { reason: letter.reason },
          longText: 'reason',
        };
  if (letter.deed === 'change')
    return letter.what.part === 'section'
      ? { name: changeDraft(letter.recordId), values: letter.what.body.values, longText: null }
      : null;
  return letter.deed === 'add' ? draftOfAdded(letter) : null;
}

function draftOfAdded({ patientId, what }: ChartLetter & { deed: 'add' }): Draft | null {
  switch (what.part) {
    case 'allergies': {
      const { display, reaction } = what.body;
      return {
        name: allergyDraft(patientId),
        values: { display, more: reaction ?? '' },
        longText: 'more',
      };
    }
    case 'medicines': {
      const { display, dosage } = what.body;
      return {
        name: medicineDraft(patientId),
        values: { display, more: dosage ?? '' },
        longText: 'more',
      };
    }
    case 'section':
      return { name: sectionDraft(what.type, patientId), values: what.body.values, longText: null };
    default:
      return null;
  }
}

/** Puts what was written back into its form. */
export async function putBack({ id, letter }: Item<ChartLetter>): Promise<void> {
  const draft = draftOf(letter);
  if (draft) await putBackInto(id, draft.name, draft.values, draft.longText);
}
