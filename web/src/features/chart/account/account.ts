import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type PatientAccount = components['schemas']['PatientAccount'];
export type Contact = components['schemas']['PatientContact'];
export type Proof = components['schemas']['Proven']['proof'];
export const PROOFS = [
  'called_back',
  'photo_id',
  'in_person',
  'on_video',
  'known_details',
] as const satisfies readonly Proof[];

/** What is to be done to the account, and to which of its contacts. */
export type Deed =
  | { verb: 'disable' | 'enable' | 'let-in' | 'person' }
  | { verb: 'contact' | 'contact/confirm'; channel: Contact['channel'] };

export const accountQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'account'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/account', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });
