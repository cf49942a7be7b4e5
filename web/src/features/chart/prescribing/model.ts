import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { isUnread, type Typed } from '@/lib/number/read';

type Schemas = components['schemas'];
export type Drug = Schemas['DrugOut'];
export type Sig = Schemas['SigOut'];
export type Alert = Schemas['AlertOut'];
export type Draft = Schemas['PrescriptionOut'];
export type Line = Schemas['PrescriptionLine'];
export type Pharmacy = Schemas['PharmacyOut'];
export type Choice = Schemas['Choice'];
export type SigWords = Schemas['SigWords'];

/**
 * What the clinician may change. `quantity` null follows the directions. `typed` is the text of fields that hold no
 * number yet, by path: nothing can be signed over it, and it is never sent.
 */
export interface Form {
  sig: Sig;
  quantity: number | null;
  days_supply: number | null;
  refills: number;
  substitutions_allowed: boolean;
  note: string;
  diagnosis: string | null;
  pharmacy_id: string | null;
  typed: Readonly<Record<string, string>>;
}

/**
 * What a `ReadField` of the form is given: text that is no value stays in `typed`, and what stood there before is not
 * shown as if it were meant; `set` puts a value where it belongs.
 */
export function typedField<T>(
  form: Form,
  path: string,
  value: T | null,
  read: (text: string) => Typed<T>,
  set: (value: T | null) => void,
  onChange: (part: Partial<Form>) => void,
) {
  const text = form.typed[path];
  return {
    value: text === undefined ? value : read(text),
    read,
    onChange: (now: Typed<T>, written: string) => {
      const { [path]: _before, ...others } = form.typed;
      onChange({ typed: isUnread(now) ? { ...others, [path]: written } : others });
      if (!isUnread(now)) set(now as T | null);
    },
  };
}

export function formOf(draft: Draft): Form {
  return {
    sig: draft.sig,
    quantity: draft.quantity,
    days_supply: draft.days_supply,
    refills: draft.line.refills,
    substitutions_allowed: draft.substitutions_allowed,
    note: draft.note,
    diagnosis: draft.diagnosis,
    pharmacy_id: draft.line.pharmacy?.id ?? null,
    // What was typed there stands on the device where it was typed; elsewhere the field is empty.
    typed: Object.fromEntries(
      Object.entries(draft.wrong).flatMap(([path, code]) =>
        code === 'number_unreadable' ? [[path, '']] : [],
      ),
    ),
  };
}

/** Everything that any list of prescriptions shows is out of date together. */
export const PRESCRIPTIONS = ['prescriptions'] as const;

export const ofVisitQuery = (visitId: string) =>
  queryOptions({
    queryKey: [...PRESCRIPTIONS, 'visit', visitId],
    queryFn: async () =>
      (
        await take(
          api.GET('/api/visits/{visit_id}/prescriptions', {
            params: { path: { visit_id: visitId } },
          }),
        )
      ).items,
  });

export const draftQuery = (id: string) =>
  queryOptions({
    queryKey: ['prescription', id],
    queryFn: () =>
      take(
        api.GET('/api/prescriptions/{prescription_id}', {
          params: { path: { prescription_id: id } },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const drugsQuery = (words: string) =>
  queryOptions({
    queryKey: ['drugs', words],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/drugs', { params: { query: { q: words } }, signal }))).items,
    enabled: words.length > 1,
    staleTime: 300_000,
  });

export const recentDrugsQuery = queryOptions({
  queryKey: ['drugs', 'recent'],
  queryFn: async () => (await take(api.GET('/api/drugs/recent'))).items,
});

export const pharmaciesQuery = (words: string) =>
  queryOptions({
    queryKey: ['pharmacies', words],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/pharmacies', { params: { query: { q: words } }, signal }))).items,
    staleTime: 300_000,
  });

export const sigWordsQuery = queryOptions({
  queryKey: ['sig-words'],
  queryFn: () => take(api.GET('/api/sig-words')),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A text that the API gives in each language, in the reader's. */
export function useWords(): (text: Readonly<Record<string, string>>) => string {
  const locale = useCurrentLocale();
  return (text) => text[locale] ?? text.en ?? '';
}

/** (413) 555-0100 */
export function phoneWords(e164: string): string {
  const match = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return match ? `(${match[1]}) ${match[2]}-${match[3]}` : e164;
}
