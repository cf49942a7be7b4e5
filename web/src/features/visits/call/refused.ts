import { JoinRefused } from '@/lib/call/engine';
import { asProblem } from './asProblem';

/**
 * In the middle of a call only a refusal in the API's own form is final. Anything else, like the page of
 * a proxy or of a hotel's sign-in, says nothing about the visit. Throws JoinRefused.
 */
export function refused(error: unknown): never {
  const problem = asProblem(error);
  throw new JoinRefused(problem.code, problem.passes || problem.code === 'unexpected');
}
