import { ApiProblem } from '@/lib/api/problem';

/** What went wrong, as the API says it, or as something that nobody expected. */
export function asProblem(error: unknown): ApiProblem {
  return error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected');
}
