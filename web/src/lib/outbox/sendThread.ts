import { deliver } from './deliver';
import type { FirstMessage } from './messages';

/** What became of a first message: the thread's id, if this page knows it; or it waits for a connection. */
export type Started = { sent: true; threadId: string | null } | { sent: false };

/** Sends the first message of a new conversation, as `deliver` does. */
export async function sendThread(thread: Omit<FirstMessage, 'kind'>): Promise<Started> {
  const letter: FirstMessage = { kind: 'thread', ...thread };
  const delivered = await deliver<{ id: string }>(letter);
  if (!delivered.sent) return delivered;
  return { sent: true, threadId: delivered.answer?.id ?? null };
}
