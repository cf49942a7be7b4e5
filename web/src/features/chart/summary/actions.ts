import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { showToast } from '@/ui/toasts/toast';
import { useInError } from '../history/useInError';
import { useRefused } from '../history/useRefused';

type Schemas = components['schemas'];
interface Bodies {
  problems: Schemas['ProblemIn'];
  allergies: Schemas['AllergyIn'];
  medicines: Schemas['MedicineIn'];
}
/** What is left out of a change stays as it is. */
interface Changes {
  problems: Schemas['ProblemChange'];
  allergies: Schemas['AllergyChange'];
  medicines: Schemas['MedicineChange'];
}
type Kind = keyof Bodies;
/** A measurement is never changed: a wrong one is taken back, and the right one added. */
type Addable = Bodies & { vitals: Schemas['VitalIn'] };
type Add = { [K in keyof Addable]: { kind: K; body: Addable[K] } }[keyof Addable];
type Change = { [K in Kind]: { kind: K; id: string; body: Changes[K] } }[Kind];

/** Adding to a chart, changing it, and taking back; each can be undone from the toast. */
export function useChartActions(patientId: string) {
  const t = useTranslations('chart.summary');
  const undo = useTranslations('actions')('undo');
  const invalidates = [['patient', patientId]];
  const path = { patient_id: patientId };

  const { mark } = useInError(patientId);
  const add = useAction({
    run: (what: Add, init) => take(post(path, what, init)),
    invalidates,
    onDone: ({ id }, what) =>
      showToast({
        text: t(`added.${what.kind}`),
        action: { label: undo, run: () => mark.mutate({ id, reason: null }) },
      }),
  });
  const change = useAction({
    run: (what: Change) => take(put({ ...path, record_id: what.id }, what)),
    invalidates,
    onProblem: useRefused(patientId),
  });
  return { add, change };
}

type Init = { headers: { 'Idempotency-Key': string } };

function post(path: { patient_id: string }, what: Add, init: Init) {
  const params = { path };
  switch (what.kind) {
    case 'problems':
      return api.POST('/api/patients/{patient_id}/problems', { params, body: what.body, ...init });
    case 'allergies':
      return api.POST('/api/patients/{patient_id}/allergies', { params, body: what.body, ...init });
    case 'medicines':
      return api.POST('/api/patients/{patient_id}/medicines', { params, body: what.body, ...init });
    case 'vitals':
      return api.POST('/api/patients/{patient_id}/vitals', { params, body: what.body, ...init });
  }
}

function put(path: { patient_id: string; record_id: string }, what: Change) {
  const params = { path };
  switch (what.kind) {
    case 'problems':
      return api.PUT('/api/patients/{patient_id}/problems/{record_id}', {
        params,
        body: what.body,
      });
    case 'allergies':
      return api.PUT('/api/patients/{patient_id}/allergies/{record_id}', {
        params,
        body: what.body,
      });
    case 'medicines':
      return api.PUT('/api/patients/{patient_id}/medicines/{record_id}', {
        params,
        body: what.body,
      });
  }
}
