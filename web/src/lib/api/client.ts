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

let account: string | null = null;

/** Says whose page this is. Null before anybody has signed in here. */
export function speakFor(accountId: string | null): void {
  account = accountId;
}

/**
 * The cookie is the whole browser's. Once somebody else has signed in beside this page, the API answers
 * its requests as signed out, so that nothing is read, written or sent in that other person's name.
 */
export const speaksFor = (): Record<string, string> =>
  account === null ? {} : { 'carethread-account': account };

type AskStepUp = () => Promise<boolean>;
let askStepUp: AskStepUp | null = null;
let asking: Promise<boolean> | null = null;

/**
 * Says how to ask for the second factor (true once it was shown, false when the person gives up): any
 * request that the API refuses with `step_up_required` waits for it, and is then sent again as it was.
 */
export function onStepUp(ask: AskStepUp): Listener {
  askStepUp = ask;
  return () => {
    if (askStepUp === ask) askStepUp = null;
  };
}

/** One dialog for everything that is waiting. */
function shownAgain(): Promise<boolean> {
  asking ??= (askStepUp?.() ?? Promise.resolve(false)).finally(() => {
    asking = null;
  });
  return asking;
}

/** What was sent and not answered yet: a request's body can be read once, so this is a copy. */
const sent = new Map<string, Request>();

/**
 * The generated client. The session is a same-origin cookie, and the API refuses a foreign Origin,
 * so there is no token to carry. Every answer that is no success is thrown as an `ApiProblem`.
 */
export const api = createClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  fetch: (request) => fetch(request),
  headers: { accept: 'application/json' },
});

api.use({
  onRequest({ request, id }) {
    for (const [name, value] of Object.entries(speaksFor())) request.headers.set(name, value);
    if (request.method !== 'GET') sent.set(id, request.clone());
  },
  async onResponse({ response, id }) {
    const copy = sent.get(id);
    sent.delete(id);
    if (response.ok) return;
    let problem = await readProblem(response);
    if (problem.code === 'step_up_required' && copy && (await shownAgain())) {
      const answer = await fetch(copy).catch(() => null);
      if (!answer) throw new ApiProblem(0, 'unreachable');
      if (answer.ok) return answer;
      problem = await readProblem(answer);
    }
    if (problem.status === 401) for (const listener of signedOutListeners) listener();
    throw problem;
  },
  onError: ({ error, id }) => {
    sent.delete(id);
    if (error instanceof Error && error.name === 'AbortError') return error;
    return new ApiProblem(0, 'unreachable');
  },
});

/** The data of a call that succeeded: `await take(api.GET('/api/visits'))`. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
