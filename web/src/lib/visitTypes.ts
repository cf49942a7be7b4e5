import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';

/** Under which the offered types are kept, for whoever changes them. */
export const OFFERED_TYPES = ['visit-types'];

/** What one can come for in this clinic; `offered` is for the patient named, or for oneself. */
export const visitTypesQuery = (patientId?: string) =>
  queryOptions({
    queryKey: [...OFFERED_TYPES, patientId ?? null],
    queryFn: () =>
      take(
        api.GET('/api/visit-types', {
          params: { query: patientId ? { patient_id: patientId } : {} },
        }),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The visit types, fetched again when an administrator changes one. */
export function useVisitTypes(patientId?: string) {
  useLiveQueries({ 'visit_types.changed': OFFERED_TYPES });
  return useQuery(visitTypesQuery(patientId));
}

/** The clinic's name for a reason in the reader's language; nothing while the names are on their way. */
export function useReasonName(): (code: string) => string {
  const locale = useCurrentLocale();
  const { data, isPending } = useVisitTypes();
  const names = new Map(data?.map(({ code, title }) => [code, title[locale]]));
  return (code) => names.get(code) ?? (isPending ? '' : code);
}
