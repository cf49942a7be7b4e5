import { useTranslations } from 'use-intl';
import { showToast } from '@/ui/toasts/toast';
import { useInError } from '../history/useInError';
import { useRefused } from '../history/useRefused';
import type { Added, Changed } from '../outbox/kinds';
import { useChartDeed } from '../outbox/useChartDeed';

/** Adding to a chart and changing it; what was added can be taken back from the toast. */
export function useChartActions(patientId: string) {
  const t = useTranslations('chart.summary');
  const undo = useTranslations('actions')('undo');
  const { takeBack } = useInError(patientId);
  const adding = useChartDeed(patientId, {
    onDone: ({ id, version }, deed) => {
      if (deed.deed !== 'add' || deed.what.part === 'section') return;
      showToast({
        text: t(`added.${deed.what.part}`),
        action: { label: undo, run: () => takeBack(id, deed.name, version) },
      });
    },
  });
  const changing = useChartDeed(patientId, { onProblem: useRefused(patientId) });
  return {
    add: (name: string, what: Added) => adding.mutateAsync({ deed: 'add', name, what }),
    change: (name: string, recordId: string, version: number, what: Changed) =>
      changing.mutate({ deed: 'change', name, recordId, version, what }),
  };
}
