import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, onSignedOut, onStepUp, speakFor, take } from './client';
import { ApiProblem } from './problem';
import { urlOf } from './request';

const fetched = vi.fn<(request: Request) => Promise<Response>>();
const answer = (status: number, body: unknown) =>
  new Response(body === undefined ? null : JSON.stringify(body), { status });
const problem = (status: number, code: string) =>
  new Response(JSON.stringify({ code }), {
    status,
    headers: { 'content-type': 'application/problem+json' },
  });
const visit = { params: { path: { visit_id: 'a/b' } } };
const read = () => take(api.GET('/api/visits/{visit_id}', visit));
const post = () => take(api.POST('/api/me/logout-others' as never, { body: { a: 1 } } as never));

beforeEach(() => {
  fetched.mockReset();
  vi.stubGlobal('fetch', fetched);
});
afterEach(() => {
  speakFor(null);
  vi.unstubAllGlobals();
});

it('writes addresses as the API reads them', () => {
  expect(urlOf('/api/x/{id}', { path: { id: 'a/b c' } })).toBe('/api/x/a%2Fb%20c');
  const query = { view: 'all & mine', none: null, absent: undefined, kinds: ['a', 'b'], from: 0 };
  expect(urlOf('/api/x', { query })).toBe('/api/x?view=all+%26+mine&kinds=a&kinds=b&from=0');
  expect(urlOf('/api/x', { query: { none: null } })).toBe('/api/x');
});

it('gives the data, and nothing where there is none', async () => {
  fetched.mockResolvedValueOnce(answer(200, { id: 'v' }));
  expect(await read()).toEqual({ id: 'v' });
  fetched.mockResolvedValueOnce(new Response(null, { status: 204 }));
  expect(await read()).toBeUndefined();
  fetched.mockResolvedValueOnce(new Response('', { status: 200 }));
  expect(await read()).toBeUndefined();
});

it('says whose page it is, and sends JSON', async () => {
  speakFor('account-1');
  fetched.mockResolvedValueOnce(answer(200, {}));
  await post();
  const [request] = fetched.mock.calls[0] as [Request];
  expect(request.method).toBe('POST');
  expect(request.headers.get('carethread-account')).toBe('account-1');
  expect(request.headers.get('content-type')).toBe('application/json');
  expect(request.headers.get('accept')).toBe('application/json');
  expect(await request.json()).toEqual({ a: 1 });
});

describe('what is no success is thrown', () => {
  it('as the problem that the API tells', async () => {
    fetched.mockResolvedValueOnce(problem(409, 'already_restricted'));
    await expect(read()).rejects.toMatchObject({ status: 409, code: 'already_restricted' });
  });

  it('as unreachable where no answer came', async () => {
    fetched.mockRejectedValueOnce(new TypeError('Failed to fetch'));
    await expect(read()).rejects.toEqual(new ApiProblem(0, 'unreachable'));
  });

  it('as what it is where it was given up', async () => {
    fetched.mockRejectedValueOnce(new DOMException('gone', 'AbortError'));
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('and who listens hears that nobody is signed in', async () => {
    const heard = vi.fn();
    const stop = onSignedOut(heard);
    fetched.mockResolvedValueOnce(problem(401, 'signed_out'));
    await expect(read()).rejects.toMatchObject({ status: 401 });
    stop();
    expect(heard).toHaveBeenCalledOnce();
  });
});

describe('where the second factor is wanted again', () => {
  it('the same request is sent once more after it was shown', async () => {
    const stop = onStepUp(async () => true);
    fetched.mockResolvedValueOnce(problem(403, 'step_up_required'));
    fetched.mockResolvedValueOnce(answer(200, { done: true }));
    expect(await post()).toEqual({ done: true });
    stop();
    const [, [again]] = fetched.mock.calls as unknown as [unknown, [Request]];
    expect(await again.json()).toEqual({ a: 1 });
  });

  it('it stays refused when the person gives up', async () => {
    const stop = onStepUp(async () => false);
    fetched.mockResolvedValueOnce(problem(403, 'step_up_required'));
    await expect(post()).rejects.toMatchObject({ code: 'step_up_required' });
    stop();
    expect(fetched).toHaveBeenCalledOnce();
  });
});
