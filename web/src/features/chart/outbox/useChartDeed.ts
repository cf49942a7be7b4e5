import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type ActionOptions, useAction } from '@/lib/api/action';
import { type Delivered, deliver } from '@/lib/outbox/deliver';
import { showToast } from '@/ui/toasts/toast';
import { summaryQuery } from '../queries';
import type { ChartDeed, ChartLetter } from './kinds';

/** A deed, and what it is about. */
export type NamedDeed = ChartDeed & { name: string };
/** What every answer about an entry of the chart says. */
export interface Entry {
  id: string;
  version: number;
}

interface ChartDeedOptions extends Pick<ActionOptions<NamedDeed, unknown>, 'onProblem'> {
  onDone?: (entry: Entry, deed: NamedDeed) => void;
}

/** Whose chart it is, in the lists of what waits. */
export function usePatientName(patientId: string): () => string {
  const queries = useQueryClient();
  return () => queries.getQueryData(summaryQuery(patientId).queryKey)?.patient.name ?? '';
}

/** Does something to a chart, now or, where there is no connection, as soon as there is one. */
export function useChartDeed(patientId: string, { onDone, onProblem }: ChartDeedOptions = {}) {
  const t = useTranslations('messaging/outbox');
  const nameOf = usePatientName(patientId);
  return useAction<NamedDeed, Delivered<Entry>>({
    run: (deed) => {
      const letter: ChartLetter = { kind: 'chart', patientId, patientName: nameOf(), ...deed };
      return deliver(letter);
    },
    onDone: (delivered, deed) => {
      if (!delivered.sent) showToast({ text: t('kept') });
      else if (delivered.answer) onDone?.(delivered.answer, deed);
    },
    ...(onProblem && { onProblem }),
  });
}
