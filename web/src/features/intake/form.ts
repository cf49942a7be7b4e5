import { createContext, type ReactNode, use } from 'react';
import type { Change, Draft } from './model';
import type { Language, Questionnaire } from './rules/questionnaire';
import type { Triage } from './rules/redFlags';

export type Missing = 'choose' | 'add_or_none' | 'agree' | undefined;

/** What a step needs: the document, how to change it, and what is wrong with a field. */
export interface Form {
  draft: Draft;
  /** `path` names the field that is changed, in the words of the API. */
  change: (change: Change, path: string) => void;
  /**
   * The text of what is wrong with a field, once the patient has tried to go on; `missing` is what to
   * say of one that has nothing in it.
   */
  error: (path: string, missing?: Missing) => ReactNode;
  questionnaire: Questionnaire;
  triage: Triage;
  language: Language;
}

export const FormContext = createContext<Form | null>(null);

export function useIntakeForm(): Form {
  const form = use(FormContext);
  if (!form) throw new Error('A step stands outside of its intake');
  return form;
}

type Section = 'identity' | 'location' | 'contact' | 'pharmacy' | 'consent';

/** A change of one field of a section. */
export function setting<S extends Section, K extends keyof Draft[S]>(
  section: S,
  field: K,
  value: Draft[S][K],
): Change {
  return (draft) => ({ ...draft, [section]: { ...draft[section], [field]: value } });
}
