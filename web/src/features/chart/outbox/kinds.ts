import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import type { Item, Letter } from '@/lib/outbox/item';
import { declareKind, underId } from '@/lib/outbox/kinds';

type Schemas = components['schemas'];
type Unversioned<T> = Omit<T, 'version'>;

/** What is added to a chart. A measurement is never changed: a wrong one is taken back, and the right one added. */
export type Added =
  | { part: 'problems'; body: Schemas['ProblemIn'] }
  | { part: 'allergies'; body: Schemas['AllergyIn'] }
  | { part: 'medicines'; body: Schemas['MedicineIn'] }
  | { part: 'vitals'; body: Schemas['VitalIn'] }
  | { part: 'section'; type: string; body: Schemas['SectionEntryIn'] };

/** What is changed; what is left out stays as it is. */
export type Changed =
  | { part: 'problems'; body: Unversioned<Schemas['ProblemChange']> }
  | { part: 'allergies'; body: Unversioned<Schemas['AllergyChange']> }
  | { part: 'medicines'; body: Unversioned<Schemas['MedicineChange']> }
  | { part: 'section'; type: string; body: Unversioned<Schemas['SectionChangeIn']> };

export type ChartDeed =
  | { deed: 'add'; what: Added }
  | { deed: 'change'; recordId: string; version: number; what: Changed }
  | { deed: 'inError'; recordId: string; version: number; reason: string | null }
  | { deed: 'right'; recordId: string; version: number };

export type ChartLetter = ChartDeed & {
  kind: 'chart';
  patientId: string;
  patientName: string;
  /** What it is about, in lists. */
  name: string;
};

export interface AddendumLetter {
  kind: 'addendum';
  noteId: string;
  visitId: string;
  patientName: string;
  text: string;
}

export const isChartLetter = (letter: Letter): letter is ChartLetter => letter.kind === 'chart';
export const isAddendum = (letter: Letter): letter is AddendumLetter => letter.kind === 'addendum';

declareKind<ChartLetter>({
  name: 'chart',
  // What is added to a chart may come in any order; what is done to one entry may not.
  lane: (letter) => (letter.deed === 'add' ? null : `record.${letter.recordId}`),
  changes: ({ patientId }) => [['patient', patientId]],
  async send(item) {
    const entry: { id: string; version: number } | undefined = (await sendDeed(item)).data;
    if (!entry?.id) throw new ApiProblem(0, 'unexpected');
    return entry;
  },
  // Nobody else touched the entry in between: what was done next was done to what this one made of it.
  after: (letter, answer, later) => {
    if (!('version' in letter) || !isChartLetter(later) || !('version' in later)) return later;
    const now = (answer as { version: number } | undefined)?.version;
    const follows = later.version === letter.version && now === letter.version + 1;
    return follows ? { ...later, version: now } : later;
  },
});

declareKind<AddendumLetter>({
  name: 'addendum',
  lane: ({ noteId }) => `note.${noteId}`,
  changes: ({ visitId }) => [['visit', visitId, 'note']],
  async send({ id, letter: { noteId, text } }) {
    const addendum = await take(
      api.POST('/api/notes/{note_id}/addenda', {
        params: { path: { note_id: noteId } },
        body: { text },
        ...underId(id),
      }),
    );
    if (!addendum?.id) throw new ApiProblem(0, 'unexpected');
    return addendum;
  },
});

function sendDeed({ id, letter }: Item<ChartLetter>) {
  const { patientId } = letter;
  if (letter.deed === 'add') return add(id, patientId, letter.what);
  const { recordId } = letter;
  if (letter.deed === 'change') return change(id, patientId, letter);
  const at = {
    params: { path: { patient_id: patientId, record_id: recordId } },
    ...underId(id),
  };
  if (letter.deed === 'inError')
    return api.POST('/api/patients/{patient_id}/records/{record_id}/in-error', {
      ...at,
      body: { reason: letter.reason, version: letter.version },
    });
  return api.POST('/api/patients/{patient_id}/records/{record_id}/in-error/undo', {
    ...at,
    body: { version: letter.version },
  });
}

function add(id: string, patient_id: string, what: Added) {
  const at = { params: { path: { patient_id } }, ...underId(id) };
  switch (what.part) {
    case 'problems':
      return api.POST('/api/patients/{patient_id}/problems', { ...at, body: what.body });
    case 'allergies':
      return api.POST('/api/patients/{patient_id}/allergies', { ...at, body: what.body });
    case 'medicines':
      return api.POST('/api/patients/{patient_id}/medicines', { ...at, body: what.body });
    case 'vitals':
      return api.POST('/api/patients/{patient_id}/vitals', { ...at, body: what.body });
    case 'section':
      return api.POST('/api/patients/{patient_id}/sections/{resource_type}', {
        ...at,
        params: { path: { patient_id, resource_type: what.type } },
        body: what.body,
      });
  }
}

function change(
  id: string,
  patient_id: string,
  { recordId: record_id, version, what }: ChartDeed & { deed: 'change' },
) {
  const at = { params: { path: { patient_id, record_id } }, ...underId(id) };
  switch (what.part) {
    case 'problems':
      return api.PUT('/api/patients/{patient_id}/problems/{record_id}', {
        ...at,
        body: { ...what.body, version },
      });
    case 'allergies':
      return api.PUT('/api/patients/{patient_id}/allergies/{record_id}', {
        ...at,
        body: { ...what.body, version },
      });
    case 'medicines':
      return api.PUT('/api/patients/{patient_id}/medicines/{record_id}', {
        ...at,
        body: { ...what.body, version },
      });
    case 'section':
      return api.PUT('/api/patients/{patient_id}/sections/{resource_type}/{record_id}', {
        ...at,
        params: { path: { patient_id, record_id, resource_type: what.type } },
        body: { ...what.body, version },
      });
  }
}
