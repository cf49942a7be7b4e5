import type { Client } from 'openapi-fetch';
import { ApiProblem, readProblem } from './problem';
import { dataOf, type Options, urlOf } from './request';
import type { paths } from './schema';

type Listener = () => void;
const signedOutListeners = new Set<Listener>();

/** Calls back when the API says that nobody is signed in any more. Returns a way to stop. */
export function onSignedOut(listener: Listener): Listener {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

let account: string | null = null;

let patient: string | null = null;

/** Says whose page this is, and about which patient. Null before anybody has signed in here. */
export function speakFor(accountId: string | null, patientId: string | null = null): void {
  account = accountId;
  patient = patientId;
}

/**
 * The cookie is the whole browser's. Once somebody else has signed in beside this page, the API answers
 * its requests as signed out, so that nothing is read, written or sent in that other person's name.
 */
export const speaksFor = (): Record<string, string> =>
  account === null ? {} : { 'carethread-account': account };

/** The session itself is asked and ended by a page about whomever. */
const aboutPatient = (path: string): Record<string, string> =>
  patient === null || path.startsWith('/api/session') ? {} : { 'carethread-patient': patient };

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
export function shownAgain(): Promise<boolean> {
  asking ??= (askStepUp?.() ?? Promise.resolve(false)).finally(() => {
    asking = null;
  });
  return asking;
}

/** Fetches, or throws an `ApiProblem` where no answer came. Giving up is no problem: it stays what it is. */
async function reach(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, 'unreachable');
  }
}

/** The answer of success, the second factor shown again where the API wants that and somebody is there to be asked. */
async function answerTo(make: () => Request, byItself: boolean | undefined): Promise<Response> {
  const answer = await reach(make());
  if (answer.ok) return answer;
  let problem = await readProblem(answer);
  if (problem.code === 'step_up_required' && !byItself && (await shownAgain())) {
    const again = await reach(make());
    if (again.ok) return again;
    problem = await readProblem(again);
  }
  // Another tab acts for somebody else by now, or the relation has ended: this page begins anew.
  if (problem.code === 'acting_for_changed') window.location.reload();
  if (problem.status === 401 || problem.code === 'choose_patient')
    for (const listener of signedOutListeners) listener();
  throw problem;
}

const verb = (method: string) => async (path: string, options: Options) => {
  const { params, body, parseAs, headers, byItself, ...init } = options ?? {};
  const sent = {
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(headers as Record<string, string>),
    ...speaksFor(),
    ...aboutPatient(path),
  };
  const request = {
    credentials: 'same-origin',
    ...init,
    method,
    headers: sent,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  } as const;
  const answer = await answerTo(() => new Request(urlOf(path, params), request), byItself);
  return { data: await dataOf(answer, parseAs), response: answer };
};

/**
 * The client of the API, with types made from its routes. The session is a same-origin cookie, and the API refuses a
 * foreign Origin, so there is no token to carry. Every answer that is no success is thrown as an `ApiProblem`.
 */
export const api = {
  GET: verb('GET'),
  POST: verb('POST'),
  PUT: verb('PUT'),
  PATCH: verb('PATCH'),
  DELETE: verb('DELETE'),
} as unknown as Pick<Client<paths>, 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'>;

/** The data of a call that succeeded: `await take(api.GET('/api/visits'))`. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<T> {
  return (await call).data as T;
}
