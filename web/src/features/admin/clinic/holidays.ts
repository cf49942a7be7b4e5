import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { useErrorText } from '@/lib/errors/useErrorText';
import { showToast } from '@/ui/toasts/toast';

export type Holidays = components['schemas']['HolidaysOut'];
export type Holiday = components['schemas']['HolidayOut'];

export const HOLIDAYS = ['admin', 'holidays'] as const;
const CHANGED = [HOLIDAYS, ['clinic']];

/** What is done to a holiday with one press. */
export function useHolidayActions() {
  const t = useTranslations('admin.holidays');
  const errorText = useErrorText();
  const onProblem = (problem: ApiProblem) =>
    showToast({ text: errorText(problem.code), tone: 'danger' });
  const remove = useAction({
    run: (days: string[], init) =>
      take(api.POST('/api/admin/holidays/remove', { body: { days }, ...init })),
    invalidates: CHANGED,
    onProblem,
  });
  const putBack = useAction({
    run: (body: { day: string; name: string }, init) =>
      take(api.POST('/api/admin/holidays', { body, ...init })),
    invalidates: CHANGED,
    onProblem,
  });
  const rename = useAction({
    run: (body: { day: string; was: string; name: string }, init) =>
      take(api.PUT('/api/admin/holidays', { body, ...init })),
    invalidates: CHANGED,
    onProblem,
    onDone: () => showToast({ text: t('renamed') }),
  });
  const addFederal = useAction({
    run: (year: number, init) =>
      take(api.POST('/api/admin/holidays/federal', { body: { year }, ...init })),
    invalidates: CHANGED,
    onProblem,
    onDone: ({ added }) =>
      showToast({
        text: t('addedMany', { count: added.length }),
        ...(added.length > 0 && {
          action: { label: t('undo'), run: () => remove.mutate(added) },
        }),
      }),
  });
  return { remove, putBack, rename, addFederal };
}
