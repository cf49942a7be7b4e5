import { queryOptions } from '@tanstack/react-query';
import { ApiProblem, readProblem } from '@/lib/api/problem';

async function fetchUnread(): Promise<number> {
  const response = await fetch('/api/threads/unread', { credentials: 'same-origin' }).catch(() => {
    throw new ApiProblem(0, 'unreachable');
  });
  if (!response.ok) throw await readProblem(response);
  return ((await response.json()) as { unread: number }).unread;
}

export const unreadQuery = queryOptions({ queryKey: ['unread'], queryFn: fetchUnread });
