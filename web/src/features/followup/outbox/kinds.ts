import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import type { Item, Letter } from '@/lib/outbox/item';
import { declareKind, underId } from '@/lib/outbox/kinds';
import type { TaskDetail } from '../queries';

type Schemas = components['schemas'];

/** What is done to a task. */
export type Deed =
  | { deed: 'complete' | 'cancel'; outcome: string }
  | { deed: 'reopen' }
  | { deed: 'assign'; assigneeId: string | null; assigneeName: string | null }
  | { deed: 'putOff'; dueAt: string; asItIs: boolean }
  | {
      deed: 'outreach';
      attempt: Omit<Schemas['LogOutreach'], 'made_at' | 'version'>;
      again: string;
    };

export type TaskLetter = Deed & {
  kind: 'task';
  taskId: string;
  /** The version that was on screen. */
  version: number;
  /** What stands in lists: which task, and whose. */
  title: string;
  patientName: string;
};

export interface NewTaskLetter {
  kind: 'new_task';
  patientName: string;
  task: Schemas['NewTask'];
  /** The form, as it was filled in. */
  typed: Readonly<Record<string, unknown>>;
}

export const isTaskLetter = (letter: Letter): letter is TaskLetter => letter.kind === 'task';

declareKind<TaskLetter>({
  name: 'task',
  lane: ({ taskId }) => `task.${taskId}`,
  changes: () => [['tasks']],
  send: (item) => detailOf(take(sendDeed(item))),
  // Nobody else touched the task in between: what was done next was done to what this one made of it.
  after: ({ version }, answer, later) => {
    const now = (answer as TaskDetail | undefined)?.task.version;
    const follows = isTaskLetter(later) && later.version === version && now === version + 1;
    return follows ? { ...later, version: now } : later;
  },
});

declareKind<NewTaskLetter>({
  name: 'new_task',
  changes: () => [['tasks']],
  send: ({ id, letter: { task } }) =>
    detailOf(take(api.POST('/api/tasks', { body: task, ...underId(id) }))),
});

async function detailOf(answer: Promise<TaskDetail>): Promise<TaskDetail> {
  const detail = await answer;
  if (!detail?.task) throw new ApiProblem(0, 'unexpected');
  return detail;
}

function sendDeed({ id, letter, writtenAt }: Item<TaskLetter>) {
  const { version } = letter;
  const at = { params: { path: { task_id: letter.taskId } }, ...underId(id) };
  switch (letter.deed) {
    case 'complete':
    case 'cancel':
      return api.POST(`/api/tasks/{task_id}/${letter.deed}`, {
        ...at,
        body: { outcome: letter.outcome, version },
      });
    case 'reopen':
      return api.POST('/api/tasks/{task_id}/reopen', { ...at, body: { version } });
    case 'assign':
      return api.POST('/api/tasks/{task_id}/assign', {
        ...at,
        body: { assignee_id: letter.assigneeId, version },
      });
    case 'putOff':
      return api.POST('/api/tasks/{task_id}/put-off', {
        ...at,
        body: { due_at: letter.dueAt, version, as_it_is: letter.asItIs },
      });
    case 'outreach':
      return api.POST('/api/tasks/{task_id}/outreach', {
        ...at,
        body: {
          ...letter.attempt,
          version: letter.version,
          made_at: new Date(writtenAt).toISOString(),
        },
      });
  }
}
