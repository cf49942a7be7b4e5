import { putBackInto } from '@/lib/outbox/editing';
import type { Item } from '@/lib/outbox/item';
import type { NewTaskLetter, TaskLetter } from './kinds';

/** The forms of a task in which something is written. */
export type WrittenForm = 'complete' | 'cancel' | 'outreach';

/** Under which names the forms keep what is typed. */
export const taskDraft = (form: WrittenForm, taskId: string): string => `task.${form}.${taskId}`;
export const newTaskDraft = (patientId: string): string => `task.new.${patientId}`;

export const formOf = ({ deed }: TaskLetter): WrittenForm | null =>
  deed === 'complete' || deed === 'cancel' || deed === 'outreach' ? deed : null;

/** Puts what was written back into its form. What was begun there meanwhile stays, beneath. */
export async function putBack({ id, letter }: Item<TaskLetter>): Promise<void> {
  if (letter.deed === 'complete' || letter.deed === 'cancel') {
    const { outcome } = letter;
    await putBackInto(id, taskDraft(letter.deed, letter.taskId), { outcome }, 'outcome');
  }
  if (letter.deed === 'outreach') {
    const { again, attempt } = letter;
    const { channel, outcome, note } = attempt;
    await putBackInto(
      id,
      taskDraft('outreach', letter.taskId),
      { channel, outcome, note, again },
      'note',
    );
  }
}

export async function putBackNew({ id, letter }: Item<NewTaskLetter>): Promise<void> {
  await putBackInto(id, newTaskDraft(letter.task.patient_id), { ...letter.typed }, 'detail');
}
