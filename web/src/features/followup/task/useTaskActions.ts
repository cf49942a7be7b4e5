import { useTranslations } from 'use-intl';
import { useErrorText } from '@/lib/errors/useErrorText';
import { showToast } from '@/ui/toasts/toast';
import { useDueDays } from '../forms/useDueDays';
import { type TaskDeed, useTaskDeed } from '../outbox/useTaskDeed';
import type { Task, TaskDetail } from '../queries';

/** What is done to a task with one press. What somebody else did meanwhile is said, and shown. */
export function useTaskActions(task: Task) {
  const t = useTranslations('followup');
  const errorText = useErrorText();
  const { dayOf } = useDueDays();
  const sayMoved = ({ task: moved }: TaskDetail) => {
    const wasDue = new Date(task.due_at) > new Date();
    const { version } = moved;
    showToast({
      text: t('movedTo', dayOf(moved.due_at)),
      ...(wasDue && {
        action: {
          label: t('undo'),
          run: () => mutate({ deed: 'putOff', dueAt: task.due_at, asItIs: true, version }),
        },
      }),
    });
  };
  const { mutate, isPending } = useTaskDeed(task, {
    onDone: (detail, deed) => isMove(deed) && sayMoved(detail),
    onProblem: ({ code }) => showToast({ text: errorText(code), tone: 'danger' }),
  });
  return {
    pending: isPending,
    reopen: (version: number) => mutate({ deed: 'reopen', version }),
    assign: (assigneeId: string | null, assigneeName: string | null) =>
      mutate({ deed: 'assign', assigneeId, assigneeName }),
    putOff: (dueAt: string) => mutate({ deed: 'putOff', dueAt, asItIs: false }),
  };
}

const isMove = (deed: TaskDeed): boolean => deed.deed === 'putOff' && !deed.asItIs;
