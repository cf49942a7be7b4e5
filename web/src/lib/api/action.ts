import {
  type QueryKey,
  type UseMutationResult,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query';
import { useRef } from 'react';
import { ApiProblem } from './problem';

/** Spread into a call of the generated client: `api.POST(path, { body, ...init })`. */
export interface ActionInit {
  headers: { 'Idempotency-Key': string };
}

interface Pending {
  key: string;
  variables: string;
}

/**
 * Gives one Idempotency-Key per user action. The key is kept while nobody can tell whether the
 * action took effect (no answer came), so that pressing the button again cannot do it twice; a
 * definite answer or other input starts a new action.
 */
class ActionKeys {
  private pending: Pending | null = null;

  begin(variables: unknown): string {
    const text = JSON.stringify(variables) ?? '';
    if (this.pending?.variables !== text) {
      this.pending = { key: crypto.randomUUID(), variables: text };
    }
    return this.pending.key;
  }

  settle(error: unknown): void {
    if (!(error instanceof ApiProblem && error.outcomeUnknown)) this.pending = null;
  }
}

export interface ActionOptions<V, T> {
  run: (variables: V, init: ActionInit) => Promise<T>;
  /** Queries that are out of date once it is done. */
  invalidates?: readonly QueryKey[];
  onDone?: (result: T, variables: V) => void | Promise<void>;
  onProblem?: (problem: ApiProblem, variables: V) => void;
}

/**
 * Something the person does: a mutation with its Idempotency-Key, retried by itself only when no
 * answer came.
 *
 * ```ts
 * const admit = useAction({
 *   run: (id: string, init) =>
 *     take(api.POST('/api/visits/{id}/admit', { params: { path: { id } }, ...init })),
 *   invalidates: [['queue']],
 * });
 * <Button loading={admit.isPending} onClick={() => admit.mutate(id)}>
 * ```
 */
export function useAction<V = void, T = unknown>(
  options: ActionOptions<V, T>,
): UseMutationResult<T, ApiProblem, V> {
  const client = useQueryClient();
  const keys = useRef<ActionKeys>(null);
  keys.current ??= new ActionKeys();
  const { current: actionKeys } = keys;

  return useMutation<T, ApiProblem, V>({
    mutationFn: (variables) =>
      options.run(variables, { headers: { 'Idempotency-Key': actionKeys.begin(variables) } }),
    retry: (count, problem) => problem.status === 0 && count < 2 && navigator.onLine,
    networkMode: 'always',
    onSuccess: async (result, variables) => {
      await Promise.all(
        (options.invalidates ?? []).map((queryKey) => client.invalidateQueries({ queryKey })),
      );
      await options.onDone?.(result, variables);
    },
    onError: (problem, variables) => options.onProblem?.(problem, variables),
    onSettled: (_result, problem) => actionKeys.settle(problem),
  });
}
