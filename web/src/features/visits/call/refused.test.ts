import { describe, expect, it } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { JoinRefused } from '@/lib/call/engine';
import { refused } from './refused';

function said(error: unknown): JoinRefused {
  try {
    refused(error);
  } catch (thrown) {
    return thrown as JoinRefused;
  }
  throw new Error('nothing was said');
}

describe('asking for a way back into a call', () => {
  it.each<[string, unknown, string]>([
    ['no answer', new ApiProblem(0, 'unreachable'), 'unreachable'],
    ['a slow line', new ApiProblem(408, 'request_too_slow'), 'request_too_slow'],
    ['too much at once', new ApiProblem(429, 'too_many_writes'), 'too_many_writes'],
    ['a fault of the API', new ApiProblem(500, 'internal'), 'internal'],
    ['the API is busy', new ApiProblem(503, 'unavailable'), 'unavailable'],
    ['the page of a gateway', new ApiProblem(502, 'unexpected'), 'unexpected'],
    ['the page of a proxy that forbids', new ApiProblem(403, 'unexpected'), 'unexpected'],
    [
      'the page of a hotel that knows no such address',
      new ApiProblem(404, 'unexpected'),
      'unexpected',
    ],
    ['the page of a hotel that wants a sign-in', new ApiProblem(401, 'unexpected'), 'unexpected'],
    ['an answer that is no JSON', new SyntaxError('Unexpected token <'), 'unexpected'],
    ['nothing that anybody knows', 'what?', 'unexpected'],
  ])('goes on after %s', (_what, error, code) => {
    expect(said(error)).toMatchObject({ code, mayRetry: true });
    expect(said(error)).toBeInstanceOf(JoinRefused);
  });

  it.each<[string, number, string]>([
    ['the sign-in ended', 401, 'signed_out'],
    ['the role does not allow it', 403, 'not_permitted'],
    ['the visit is not theirs', 404, 'not_found'],
    ['the visit is over', 409, 'visit_over'],
    ['it is not their turn', 409, 'not_admitted'],
    ['what was sent is wrong', 422, 'invalid'],
  ])('ends when %s', (_what, status, code) => {
    expect(said(new ApiProblem(status, code))).toMatchObject({ code, mayRetry: false });
  });
});
