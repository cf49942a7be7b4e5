import type { UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { type ActionOptions, useAction } from '@/lib/api/action';
import { ApiProblem } from '@/lib/api/problem';
import { StepUpDismissed, useStepUp } from './StepUp';

interface Signing<V, T> {
  sign: UseMutationResult<T, ApiProblem, V>;
  /** Draw this somewhere on the page: it asks for the second factor when the last one is too old. */
  dialog: ReactNode;
}

/**
 * Something that is signed: an action that, where the second factor was shown too long ago, asks for
 * it on the spot and then goes on with what was being done. Who closes the dialog has not signed, and
 * is told so.
 */
export function useSigning<V = void, T = unknown>(options: ActionOptions<V, T>): Signing<V, T> {
  const { withStepUp, dialog } = useStepUp();
  const sign = useAction<V, T>({
    ...options,
    run: (variables, init) =>
      withStepUp(() => options.run(variables, init)).catch((error) => {
        throw error instanceof StepUpDismissed ? new ApiProblem(403, 'step_up_required') : error;
      }),
  });
  return { sign, dialog };
}
