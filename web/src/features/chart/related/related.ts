import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Related = components['schemas']['RelatedOut'];
export type Relationship = Related['relationship'];
export type Scope = Related['scope'];
export type Proof = NonNullable<Related['proof']>;

/** What staff may say that somebody is to a patient. */
export const RELATIONSHIPS = [
  'MTH',
  'FTH',
  'PRN',
  'STPPRN',
  'GRPRN',
  'GUARD',
  'SPS',
  'DOMPART',
  'CHILD',
  'SIB',
  'EXT',
  'POWATT',
  'FRND',
] as const satisfies readonly Relationship[];
export const SCOPES = ['full', 'scheduling', 'messages'] as const satisfies readonly Scope[];
export const PROOFS = [
  'in_person',
  'photo_id',
  'on_video',
  'birth_certificate',
  'court_order',
  'signed_form',
  'patient_said',
] as const satisfies readonly Proof[];

export const relatedQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'related'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/related', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });
