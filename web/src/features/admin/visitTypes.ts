import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { Locale } from '@/lib/i18n/catalogues';

export type VisitTypes = components['schemas']['AdminVisitTypes'];
export type VisitType = components['schemas']['AdminVisitType'];
export type VisitTypeForm = components['schemas']['VisitTypeForm'];

export const VISIT_TYPES = ['admin', 'visit-types'] as const;

/** What patients who read this language see. */
export const titleOf = (type: VisitType, locale: Locale): string =>
  locale === 'es' ? type.title_es : type.title_en;

/** Sends the new order; the list shows it at once and goes back if it is refused. */
export function useOrder() {
  const client = useQueryClient();
  return useAction({
    run: (types: VisitType[], init) =>
      take(
        api.PUT('/api/admin/visit-types-order', {
          body: { ids: types.map(({ id }) => id) },
          ...init,
        }),
      ),
    onDone: (list) => void client.setQueryData(VISIT_TYPES, list),
    onProblem: () => void client.invalidateQueries({ queryKey: VISIT_TYPES }),
  });
}
