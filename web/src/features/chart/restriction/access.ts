import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type ChartAccess = components['schemas']['ChartAccess'];
export type Restriction = components['schemas']['RestrictionOut'];
export type Why = Restriction['why'];
export const WHYS = ['patient_request', 'staff', 'public_figure'] as const satisfies readonly Why[];

export const accessQuery = (patientId: string) =>
  queryOptions({
    queryKey: ['patient', patientId, 'access'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/access', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });

/** To whom a restricted chart may stay open. */
export const teamQuery = queryOptions({
  queryKey: ['privacy', 'team'],
  queryFn: () => take(api.GET('/api/privacy/team')),
});
