/** One thing wrong with one field, as the API says it: `{path: 'location.city', code: 'required'}`. */
export interface FieldProblem {
  path: string;
  code: string;
  params?: Record<string, string | number>;
}

/**
 * An answer of the API that is not a success, or no answer at all.
 *
 * `code` is what screens translate (`errors.<code>`). Two codes are ours and never come from the
 * API: `unreachable` (status 0, no answer came) and `unexpected` (an answer that is no problem
 * document).
 */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';

  constructor(
    readonly status: number,
    readonly code: string,
    readonly fields: readonly FieldProblem[] = [],
    readonly data: Readonly<Record<string, unknown>> = {},
    readonly requestId: string | null = null,
  ) {
    super(`${status} ${code}`);
  }

  /** Nobody can tell whether the request took effect: the same key must be sent again. */
  get outcomeUnknown(): boolean {
    return this.status === 0 || this.status >= 502;
  }

  /** It passes by itself: no answer, something is away, a slow line, or too much within a minute. */
  get passes(): boolean {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** What is asked for is not there, or not this person's: nothing that trying again could mend. */
export const isMissing = (error: unknown): boolean =>
  error instanceof ApiProblem && error.status === 404;

/** Reads an RFC 9457 problem document; anything else becomes `unexpected`. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id');
  if (!response.headers.get('content-type')?.includes('json')) {
    return new ApiProblem(response.status, 'unexpected', [], {}, requestId);
  }
  const body = (await response.json().catch(() => ({}))) as {
    code?: string;
    fields?: FieldProblem[];
    data?: Record<string, unknown>;
    request_id?: string;
  };
  return new ApiProblem(
    response.status,
    body.code ?? 'unexpected',
    body.fields ?? [],
    body.data ?? {},
    body.request_id ?? requestId,
  );
}

/**
 * The same problem where there is no field to put it beside: what was wrong with the one field sent
 * is what is wrong.
 */
export function asWhole(problem: ApiProblem): ApiProblem {
  const field = problem.fields[0];
  if (!field) return problem;
  return new ApiProblem(problem.status, field.code, [], field.params, problem.requestId);
}
