import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { Item, Letter } from './item';
import { declareKind, underId } from './kinds';

/** A message into a conversation. */
export interface Message {
  kind: 'message';
  threadId: string;
  /** What the conversation is called where it is not on screen. */
  about: string;
  body: string;
}

/** The first message of a new conversation. */
export interface FirstMessage {
  kind: 'thread';
  subject: string;
  body: string;
  /** To whom staff write; a patient writes to the clinic. */
  patientId: string | null;
  patientName: string | null;
  visitId: string | null;
  /** The task whose log says that it was sent. */
  taskId: string | null;
}

/** What a person wrote for another to read. */
export type Written = Message | FirstMessage;

/** An answer to a red flag's question. No list shows it: whoever hurts the patient may read their phone. */
export interface RedFlagAnswer {
  kind: 'red_flag';
  rule: string;
  yes: boolean;
  threadId: string | null;
}

export const isMessage = (letter: Letter): letter is Message => letter.kind === 'message';
export const isRedFlag = (letter: Letter): letter is RedFlagAnswer => letter.kind === 'red_flag';
export const isWritten = (item: Item): item is Item<Written> =>
  isMessage(item.letter) || item.letter.kind === 'thread';

declareKind<Message>({
  name: 'message',
  lane: ({ threadId }) => `thread.${threadId}`,
  changes: () => [['threads']],
  knownForGood: true,
  async send({ id, letter: { threadId, body } }) {
    const message = await take(
      api.POST('/api/threads/{thread_id}/messages', {
        params: { path: { thread_id: threadId } },
        body: { client_id: id, body },
        ...underId(id),
      }),
    );
    if (message?.client_id !== id) throw new ApiProblem(0, 'unexpected');
    return message;
  },
});

declareKind<FirstMessage>({
  name: 'thread',
  changes: ({ taskId }) => (taskId ? [['threads'], ['tasks']] : [['threads']]),
  knownForGood: true,
  async send({ id, letter: { subject, body, patientId, visitId, taskId }, writtenAt }) {
    const thread = await take(
      api.POST('/api/threads', {
        body: {
          subject,
          body,
          client_id: id,
          ...(patientId && { patient_id: patientId }),
          ...(visitId && { visit_id: visitId }),
        },
        ...underId(id),
      }),
    );
    if (!thread?.id) throw new ApiProblem(0, 'unexpected');
    if (taskId) await log(id, taskId, writtenAt);
    return thread;
  },
});

declareKind<RedFlagAnswer>({
  name: 'red_flag',
  changes: () => [],
  // The clinic is told since when it stands.
  evenLate: true,
  unlisted: true,
  async send({ id, letter: { rule, yes, threadId }, writtenAt }) {
    const { response } = await api.POST('/api/intake/red-flags', {
      body: {
        rule,
        yes,
        said_at: new Date(writtenAt).toISOString(),
        ...(threadId && { thread_id: threadId }),
      },
      ...underId(id),
    });
    if (response.status !== 204) throw new ApiProblem(0, 'unexpected');
  },
});

/** The task says that its patient was written to. A task that takes no more attempts changes nothing about that. */
async function log(id: string, taskId: string, writtenAt: number): Promise<void> {
  try {
    await api.POST('/api/tasks/{task_id}/outreach', {
      params: { path: { task_id: taskId } },
      body: {
        channel: 'message',
        outcome: 'sent',
        note: '',
        made_at: new Date(writtenAt).toISOString(),
      },
      ...underId(`${id}.log`),
    });
  } catch (error) {
    const refused = error instanceof ApiProblem && !error.passes && error.status !== 401;
    if (!refused) throw error;
  }
}
