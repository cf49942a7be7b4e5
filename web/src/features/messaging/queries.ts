import { infiniteQueryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { PatientMarks } from '@/lib/patient';

export type Thread = components['schemas']['MessageThread'];
export type Conversation = components['schemas']['Conversation'];
export type Message = components['schemas']['MessageOut'];

/** What tells a thread's patient from another of the same name. */
export const marksOf = (of: Thread | Conversation): PatientMarks => ({
  birth_date: of.patient_birth_date,
  mrn: of.patient_mrn,
  phone: of.patient_phone,
});

/** Threads, the newest first; `awaiting: 'clinic'` for those that wait for the clinic's answer. */
export const threadsQuery = (awaiting?: 'clinic') =>
  infiniteQueryOptions({
    queryKey: ['threads', 'list', awaiting ?? 'all'],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/threads', {
          params: {
            query: {
              ...(awaiting ? { awaiting } : {}),
              ...(pageParam ? { before: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });

/** A thread with its newest messages; each further page puts earlier ones before them. */
export const conversationQuery = (threadId: string) =>
  infiniteQueryOptions({
    queryKey: ['threads', 'one', threadId],
    queryFn: ({ pageParam }) =>
      take(
        api.GET('/api/threads/{thread_id}', {
          params: {
            path: { thread_id: threadId },
            query: pageParam ? { before: pageParam } : {},
          },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page) => page.earlier ?? undefined,
    select: ({ pages }) => whole(pages),
  });

/** The newest page with the messages of all; there is always a first page. */
function whole(pages: readonly Conversation[]): Conversation {
  const newest = pages[0] as Conversation;
  return { ...newest, messages: pages.toReversed().flatMap((page) => page.messages) };
}

/** Pushes after which lists and conversations are out of date. */
export const THREAD_CHANGES = { 'thread.changed': ['threads'], 'thread.read': ['threads'] };

/** The subject that the system gives a visit's own thread; everybody reads it in their language. */
export const VISIT_SUBJECT = 'visit';
