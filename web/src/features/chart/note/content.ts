import type { components } from '@/lib/api/schema';

type Schemas = components['schemas'];
export type Diagnosis = Schemas['DiagnosisLine'];
export type Vital = Schemas['VitalLine'];
export type PlanItem = Schemas['PlanLine'];
export type PlanKind = PlanItem['kind'];

export const SECTIONS = ['subjective', 'objective', 'assessment', 'plan'] as const;
export type SectionName = (typeof SECTIONS)[number];

/** What a note says: the API's NoteContent with nothing left out. */
export interface Content extends Record<SectionName, string> {
  diagnoses: readonly Diagnosis[];
  vitals: readonly Vital[];
  plan_items: readonly PlanItem[];
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
