import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Identifiers = components['schemas']['IdentifiersOut'];
export type Identifier = components['schemas']['IdentifierOut'];
export type IdentifierForm = components['schemas']['IdentifierForm'];
export type IdentifierKind = IdentifierForm['kind'];

export const IDENTIFIER_KINDS = ['MB', 'DL', 'PPN', 'MR', 'other'] as const;

export const identifiersQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['identifiers', patientId],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/identifiers', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });
