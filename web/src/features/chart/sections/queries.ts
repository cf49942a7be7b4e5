import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type ChartSection = components['schemas']['SectionOut'];
export type SectionField = ChartSection['fields'][number];
export type SectionItem = components['schemas']['SectionLine'];

/** Vaccines, procedures and the like: what sections there are, the types of the record say. */
export const sectionsQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'sections'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/sections', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });
