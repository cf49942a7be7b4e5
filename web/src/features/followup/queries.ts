import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { PatientMarks } from '@/lib/patient';

export type Task = components['schemas']['TaskOut'];
export type TaskDetail = components['schemas']['TaskDetail'];
export type Outreach = components['schemas']['OutreachOut'];
export type Quote = components['schemas']['Quote'];
export type Change = components['schemas']['HistoryOut'];

/** What tells a task's patient from another of the same name. */
export const marksOf = (task: Task): PatientMarks => ({
  birth_date: task.patient_birth_date,
  mrn: task.patient_mrn,
  phone: task.patient_phone,
});

export const VIEWS = ['open', 'mine', 'unassigned', 'today', 'overdue', 'done'] as const;
export type View = (typeof VIEWS)[number];

export const KINDS = ['call', 'lab', 'recheck', 'referral', 'prescription', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** One view of the queue, of one kind or of all, most pressing first, page by page. */
export const tasksQuery = (view: View, kind: Kind | null) =>
  infiniteQueryOptions({
    queryKey: ['tasks', 'list', view, kind],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/tasks', {
          params: {
            query: { view, ...(kind && { kind }), ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

export const taskQuery = (taskId: string) =>
  queryOptions({
    queryKey: ['tasks', 'one', taskId],
    queryFn: () => take(api.GET('/api/tasks/{task_id}', { params: { path: { task_id: taskId } } })),
  });

/** Who tasks can be given to. */
export const teamQuery = queryOptions({
  queryKey: ['tasks', 'team'],
  queryFn: () => take(api.GET('/api/tasks/team')),
  staleTime: 5 * 60_000,
});

/** The days that a task can be moved to: they change with the clock, the hours and the holidays. */
export const dueDaysQuery = queryOptions({
  queryKey: ['tasks', 'days'],
  queryFn: () => take(api.GET('/api/tasks/days')),
  refetchInterval: 5 * 60_000,
});

export const TASK_CHANGES = { 'task.changed': ['tasks'] };
