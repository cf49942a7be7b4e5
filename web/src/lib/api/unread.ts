import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';

/** How many messages are new to this person, on whichever device they read. */
export const unreadQuery = queryOptions({
  queryKey: ['threads', 'unread'],
  queryFn: async () => (await take(api.GET('/api/threads/unread'))).messages,
});

/** Pushes after which the count is another. */
export const UNREAD_CHANGES = {
  'thread.changed': unreadQuery.queryKey,
  'thread.read': unreadQuery.queryKey,
};
