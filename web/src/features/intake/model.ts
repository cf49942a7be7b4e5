import type { components } from '@/lib/api/schema';
import { type FhirQuestionnaire, readQuestionnaire } from './rules/fhir';
import { forPerson, type Questionnaire } from './rules/questionnaire';

type Schemas = components['schemas'];

/** The patient's document, as `platform/intake/draft.py` has it, with every section there. */
export type Draft = Required<Schemas['IntakeDraft']>;
export type Allergy = Schemas['DraftAllergy'];
export type Medicine = Schemas['DraftMedicine'];
export type Intake = Omit<Schemas['IntakeOut'], 'draft'> & { draft: Draft };
export type Saved = Schemas['IntakeSaved'];
export type SaveBody = Schemas['SaveIntake'];

/** What this patient may be asked, of the questionnaire that the server sent. */
export const questionnaireOf = ({ questionnaire, facts }: Intake): Questionnaire =>
  forPerson(readQuestionnaire(questionnaire as unknown as FhirQuestionnaire), facts);

/** A change of the document: takes the old one, gives a new one. */
export type Change = (draft: Draft) => Draft;

/** Today's date where this device is, as ISO 8601. */
export function today(): string {
  const now = new Date();
  const two = (part: number) => String(part).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
