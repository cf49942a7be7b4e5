import { useTranslations } from 'use-intl';
import { showToast } from '@/ui/toasts/toast';
import { useChartDeed } from '../outbox/useChartDeed';
import { useRefused } from './useRefused';

/** Marking a record as entered in error, and undoing that: from the toast, or later from where it is listed. */
export function useInError(patientId: string) {
  const t = useTranslations('chart.history');
  const undoLabel = useTranslations('actions')('undo');
  const refused = useRefused(patientId);
  const right = useChartDeed(patientId, {
    onDone: () => showToast({ text: t('rightAgain') }),
    onProblem: refused,
  });
  const wrong = useChartDeed(patientId, {
    // Where a reason was asked, its form says what went wrong.
    onProblem: (problem, deed) =>
      deed.deed === 'inError' && deed.reason === null && refused(problem),
    onDone: ({ id, version }, { name }) =>
      showToast({
        text: t('takenBack'),
        action: {
          label: undoLabel,
          run: () => right.mutate({ deed: 'right', recordId: id, version, name }),
        },
      }),
  });
  return {
    mark: (recordId: string, name: string, version: number, reason: string) =>
      wrong.mutateAsync({ deed: 'inError', recordId, name, version, reason }),
    /** From a toast: what goes wrong is said in another one. */
    takeBack: (recordId: string, name: string, version: number) =>
      wrong.mutate({ deed: 'inError', recordId, name, version, reason: null }),
    undo: (recordId: string, name: string, version: number) =>
      right.mutate({ deed: 'right', recordId, name, version }),
    undoing: right.isPending,
  };
}
