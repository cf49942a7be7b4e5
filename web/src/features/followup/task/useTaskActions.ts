import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { showToast } from '@/ui/toasts/toast';
import { useDueDays } from '../forms/useDueDays';
import type { Task } from '../queries';

const TASKS = [['tasks']];

/** What is done to a task with one press. What somebody else did meanwhile is said, and shown. */
export function useTaskActions(task: Task) {
  const t = useTranslations('followup');
  const errorText = useErrorText();
  const { dayOf } = useDueDays();
  const path = { params: { path: { task_id: task.id } } };
  const onProblem = (problem: ApiProblem) =>
    showToast({ text: errorText(problem.code), tone: 'danger' });

  const reopen = useAction({
    run: (version: number, init) =>
      take(api.POST('/api/tasks/{task_id}/reopen', { ...path, body: { version }, ...init })),
    invalidates: TASKS,
    onProblem,
  });
  const assign = useAction({
    run: ({ assignee, version }: { assignee: string | null; version: number }, init) =>
      take(
        api.POST('/api/tasks/{task_id}/assign', {
          ...path,
          body: { assignee_id: assignee, version },
          ...init,
        }),
      ),
    invalidates: TASKS,
    onProblem,
  });
  const moveTo = useAction({
    run: (
      { dueAt, version, undo = false }: { dueAt: string; version: number; undo?: boolean },
      init,
    ) =>
      take(
        api.POST('/api/tasks/{task_id}/put-off', {
          ...path,
          body: { due_at: dueAt, version, as_it_is: undo },
          ...init,
        }),
      ),
    invalidates: TASKS,
    onProblem,
  });
  const putOff = useAction({
    run: (dueAt: string) => moveTo.mutateAsync({ dueAt, version: task.version }),
    onDone: ({ task: moved }) => {
      const wasDue = new Date(task.due_at) > new Date();
      showToast({
        text: t('movedTo', dayOf(moved.due_at)),
        ...(wasDue && {
          action: {
            label: t('undo'),
            run: () => moveTo.mutate({ dueAt: task.due_at, version: moved.version, undo: true }),
          },
        }),
      });
    },
  });
  return { reopen, assign, putOff };
}
