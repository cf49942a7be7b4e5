import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Thread = components['schemas']['MessageThread'];
export type Conversation = components['schemas']['Conversation'];
export type Message = components['schemas']['MessageOut'];

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

export const conversationQuery = (threadId: string) =>
  queryOptions({
    queryKey: ['threads', 'one', threadId],
    queryFn: () =>
      take(api.GET('/api/threads/{thread_id}', { params: { path: { thread_id: threadId } } })),
  });

/** Pushes after which lists and conversations are out of date. */
export const THREAD_CHANGES = { 'thread.changed': ['threads'], 'thread.read': ['threads'] };

/** The subject that the system gives a visit's own thread; everybody reads it in their language. */
export const VISIT_SUBJECT = 'visit';
