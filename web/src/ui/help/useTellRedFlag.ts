import { useMutation } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * Tells the clinic that the patient said yes to a rule's question. Without a network it is told as soon as there is
 * one, while the page is open; the same yes is told once.
 */
export function useTellRedFlag(threadId: string | null): (rule: string) => void {
  const { mutate } = useMutation({
    mutationFn: ({ rule, key }: { rule: string; key: string }) =>
      take(
        api.POST('/api/intake/red-flags', {
          body: { rule, ...(threadId && { thread_id: threadId }) },
          headers: { 'Idempotency-Key': key },
        }),
      ),
    retry: (_count, problem) => !(problem instanceof ApiProblem) || problem.passes,
    retryDelay: (count) => Math.min(FIRST_WAIT_MS * 2 ** count, LONGEST_WAIT_MS),
  });
  return (rule) => mutate({ rule, key: crypto.randomUUID() });
}
