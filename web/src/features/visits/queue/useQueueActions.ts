import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { showToast } from '@/ui/toasts/toast';
import { pathOf, type QueueEntry } from '../model';

const CHANGES = [['queue'], ['visits']];

/** What a clinician does with a row of the queue; what goes wrong is said in a toast. */
export function useQueueActions() {
  const navigate = useNavigate();
  const errorText = useErrorText();
  const [unlicensed, setUnlicensed] = useState<QueueEntry | null>(null);

  const sayWhy = (problem: ApiProblem) => {
    const { by, status } = problem.data as { by?: string; status?: string };
    showToast({
      text: errorText(problem.code, { by: by ?? '', status: status ?? '' }),
      tone: 'danger',
    });
  };

  const admit = useAction({
    run: ({ entry, why }: { entry: QueueEntry; why?: string }, init) => {
      const body = why ? { licence_reason: why } : {};
      return take(
        api.POST('/api/visits/{visit_id}/admit', { ...pathOf(entry.visit_id), body, ...init }),
      );
    },
    invalidates: CHANGES,
    onDone: (visit) => navigate({ to: '/encounter/$visitId', params: { visitId: visit.id } }),
    onProblem: (problem, { entry }) => {
      if (problem.code === 'not_licensed_there') setUnlicensed(entry);
      else sayWhy(problem);
    },
  });
  const putBack = useAction({
    run: (id: string, init) =>
      take(api.POST('/api/visits/{visit_id}/put-back', { ...pathOf(id), ...init })),
    invalidates: CHANGES,
    onProblem: sayWhy,
  });
  const noShow = useAction({
    run: (id: string, init) =>
      take(api.POST('/api/visits/{visit_id}/no-show', { ...pathOf(id), ...init })),
    invalidates: CHANGES,
    onProblem: sayWhy,
  });
  const runningLate = useAction({
    run: ({ id, minutes }: { id: string; minutes: number }, init) =>
      take(
        api.POST('/api/visits/{visit_id}/running-late', {
          ...pathOf(id),
          body: { minutes },
          ...init,
        }),
      ),
    invalidates: CHANGES,
    onProblem: sayWhy,
  });
  const phoned = useAction({
    run: (id: string, init) =>
      take(api.POST('/api/visits/{visit_id}/phoned', { ...pathOf(id), ...init })),
    invalidates: CHANGES,
    onProblem: sayWhy,
  });
  return { admit, putBack, noShow, runningLate, phoned, unlicensed, setUnlicensed };
}

export type QueueActions = ReturnType<typeof useQueueActions>;
