import createClient from 'openapi-fetch';
import { ApiProblem, readProblem } from './problem';
import type { paths } from './schema';

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the API says that nobody is signed in any more. Returns a way to stop. */
export function onSignedOut(listener: Listener): Listener {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

/**
 * The generated client. The session is a same-origin cookie, and the API refuses a foreign Origin,
 * so there is no token to carry. Every answer that is no success is thrown as an `ApiProblem`.
 */
export const api = createClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  headers: { accept: 'application/json' },
});

api.use({
  async onResponse({ response }) {
    if (response.ok) return;
    const problem = await readProblem(response);
    if (problem.status === 401) for (const listener of signedOutListeners) listener();
    throw problem;
  },
  onError: ({ error }) => {
    if (error instanceof Error && error.name === 'AbortError') return error;
    return new ApiProblem(0, 'unreachable');
  },
});

/** The data of a call that succeeded: `await take(api.GET('/api/visits'))`. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
