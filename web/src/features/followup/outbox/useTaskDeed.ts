import { useTranslations } from 'use-intl';
import { type ActionOptions, useAction } from '@/lib/api/action';
import { type Delivered, deliver } from '@/lib/outbox/deliver';
import { showToast } from '@/ui/toasts/toast';
import type { Task, TaskDetail } from '../queries';
import type { Deed, TaskLetter } from './kinds';

/** A deed and, where it is done to what another one just made, the version of that. */
export type TaskDeed = Deed & { version?: number };

interface TaskDeedOptions extends Pick<ActionOptions<TaskDeed, unknown>, 'onProblem'> {
  onDone?: (detail: TaskDetail, deed: TaskDeed) => void;
  /** It is there, or kept on this device: whoever did it may go on. */
  onGone?: () => void;
}

/** Does something to a task, now or, where there is no connection, as soon as there is one. */
export function useTaskDeed(task: Task, { onDone, onGone, onProblem }: TaskDeedOptions = {}) {
  const t = useTranslations('messaging/outbox');
  return useAction<TaskDeed, Delivered<TaskDetail>>({
    run: (deed) => {
      const letter: TaskLetter = {
        kind: 'task',
        taskId: task.id,
        version: task.version,
        title: task.title,
        patientName: task.patient_name,
        ...deed,
      };
      return deliver(letter);
    },
    onDone: (delivered, deed) => {
      if (!delivered.sent) showToast({ text: t('kept') });
      else if (delivered.answer) onDone?.(delivered.answer, deed);
      onGone?.();
    },
    ...(onProblem && { onProblem }),
  });
}
