import type { components } from '@/lib/api/schema';

type Schemas = components['schemas'];
export type Diagnosis = Schemas['DiagnosisLine'];
export type Vital = Schemas['VitalLine'];
export type PlanItem = Schemas['PlanLine'];
export type PlanKind = PlanItem['kind'];

export const SECTIONS = ['subjective', 'objective', 'assessment', 'plan'] as const;
export type SectionName = (typeof SECTIONS)[number];

/**
 * What a note says: the API's NoteContent with nothing left out. `typed` is what stands in a number field and is no
 * part of the note yet, by field: it is kept on this device with the rest, and never sent.
 */
export interface Content extends Record<SectionName, string> {
  diagnoses: readonly Diagnosis[];
  vitals: readonly Vital[];
  plan_items: readonly PlanItem[];
  typed: Readonly<Record<string, string>>;
}

/** `typed` with the text of one field; an empty one leaves nothing. */
export function withTyped(typed: Content['typed'], field: string, text: string): Content['typed'] {
  const { [field]: _before, ...others } = typed;
  return text.trim() === '' ? others : { ...others, [field]: text };
}

/** The field of a measurement that is not added yet, and of the days of a plan item. */
export const vitalField = (code: string): string => `vital ${code}`;
export const dueField = (id: string): string => `due ${id}`;

/** The code of the measurement that is being typed, if one is. */
export function vitalTyped(typed: Content['typed']): string | null {
  const field = Object.keys(typed).find((each) => each.startsWith(vitalField('')));
  return field?.slice(vitalField('').length) ?? null;
}

/** The API leaves defaults out of its schema; here every part is there. */
export function complete(content: Schemas['NoteContent']): Content {
  return {
    subjective: content.subjective ?? '',
    objective: content.objective ?? '',
    assessment: content.assessment ?? '',
    plan: content.plan ?? '',
    diagnoses: content.diagnoses ?? [],
    vitals: content.vitals ?? [],
    plan_items: content.plan_items ?? [],
    typed: {},
  };
}

export function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const left = Object.entries(a).filter(([, value]) => value !== undefined);
  const right = Object.entries(b).filter(([, value]) => value !== undefined);
  const other = b as Record<string, unknown>;
  return left.length === right.length && left.every(([key, value]) => same(value, other[key]));
}
