import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { showToast } from '@/ui/toasts/toast';
import { useRefused } from './useRefused';

/** Marking a record as entered in error, and undoing that: from the toast, or later from where it is listed. */
export function useInError(patientId: string) {
  const t = useTranslations('chart.history');
  const undoLabel = useTranslations('actions')('undo');
  const refused = useRefused(patientId);
  const invalidates = [['patient', patientId]];
  const at = (id: string) => ({ path: { patient_id: patientId, record_id: id } });
  const undo = useAction({
    run: ({ id, version }: { id: string; version: number }) =>
      take(
        api.POST('/api/patients/{patient_id}/records/{record_id}/in-error/undo', {
          params: at(id),
          body: { version },
        }),
      ),
    invalidates,
    onDone: () => showToast({ text: t('rightAgain') }),
    onProblem: refused,
  });
  const mark = useAction({
    run: ({ id, reason }: { id: string; reason: string | null }) =>
      take(
        api.POST('/api/patients/{patient_id}/records/{record_id}/in-error', {
          params: at(id),
          body: { reason },
        }),
      ),
    invalidates,
    // Where a reason was asked, its form says what went wrong.
    onProblem: (problem, { reason }) => reason === null && refused(problem),
    onDone: ({ id, version }) =>
      showToast({
        text: t('takenBack'),
        action: { label: undoLabel, run: () => undo.mutate({ id, version }) },
      }),
  });
  return { mark, undo };
}
