import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { Item, RedFlagAnswer, Written } from './item';

const PATIENCE_MS = 30_000;

/**
 * Gives an item to the server, which knows it by its id. Throws ApiProblem; an answer that does not name
 * the message (the page of a network that wants a sign-in, with status 200) is none.
 */
export async function post({ id, letter, writtenAt }: Item): Promise<unknown> {
  if (letter.kind === 'message') return postMessage(id, letter);
  if (letter.kind === 'red_flag') return postRedFlag(id, letter, writtenAt);
  const thread = await postThread(id, letter);
  if (letter.taskId) await log(id, letter.taskId);
  return thread;
}

async function postMessage(id: string, { threadId, body }: Written & { kind: 'message' }) {
  const message = await take(
    api.POST('/api/threads/{thread_id}/messages', {
      params: { path: { thread_id: threadId } },
      body: { client_id: id, body },
      headers: { 'Idempotency-Key': id },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
  if (message?.client_id !== id) throw new ApiProblem(0, 'unexpected');
  return message;
}

async function postThread(id: string, letter: Written & { kind: 'thread' }) {
  const { subject, body, patientId, visitId } = letter;
  const thread = await take(
    api.POST('/api/threads', {
      body: {
        subject,
        body,
        client_id: id,
        ...(patientId && { patient_id: patientId }),
        ...(visitId && { visit_id: visitId }),
      },
      headers: { 'Idempotency-Key': id },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }),
  );
  if (!thread?.id) throw new ApiProblem(0, 'unexpected');
  return thread;
}

async function postRedFlag(
  id: string,
  { rule, yes, threadId }: RedFlagAnswer,
  writtenAt: number,
): Promise<void> {
  const { response } = await api.POST('/api/intake/red-flags', {
    body: {
      rule,
      yes,
      said_at: new Date(writtenAt).toISOString(),
      ...(threadId && { thread_id: threadId }),
    },
    headers: { 'Idempotency-Key': id },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status !== 204) throw new ApiProblem(0, 'unexpected');
}

/** The task says that its patient was written to. A task that takes no more attempts changes nothing about that. */
async function log(id: string, taskId: string): Promise<void> {
  try {
    await api.POST('/api/tasks/{task_id}/outreach', {
      params: { path: { task_id: taskId } },
      body: { channel: 'message', outcome: 'sent', note: '' },
      headers: { 'Idempotency-Key': `${id}.log` },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    const refused = error instanceof ApiProblem && !error.passes && error.status !== 401;
    if (!refused) throw error;
  }
}
