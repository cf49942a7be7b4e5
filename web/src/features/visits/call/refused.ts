import { ApiProblem } from '@/lib/api/problem';
import { JoinRefused } from '@/lib/call/engine';

/**
 * In the middle of a call only a refusal in the API's own form is final. Anything else, like the page of
 * a proxy or of a hotel's sign-in, says nothing about the visit. Throws JoinRefused.
 */
export function refused(error: unknown): never {
  const problem = asProblem(error);
  throw new JoinRefused(problem.code, problem.passes || problem.code === 'unexpected');
}

export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected');
}
