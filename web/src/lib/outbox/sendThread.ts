import { outbox } from './device';
import type { Written } from './item';
import type { First } from './outbox';

type NewThread = Omit<Written & { kind: 'thread' }, 'kind'>;

/** Nobody looks at a turning wheel for longer: it goes on without the form. */
const PATIENCE_MS = 8_000;

/** What became of a first message: the thread's id, if this page knows it; or it waits for a connection. */
export type Started = { sent: true; threadId: string | null } | { sent: false };

/**
 * Sends the first message of a new conversation. Once this is done the message is not lost: it is there,
 * or waits on this device. Throws ApiProblem where the server refuses it; the form still has the text.
 */
export async function sendThread(thread: NewThread): Promise<Started> {
  const { id, first } = await outbox.add({ kind: 'thread', ...thread });
  const late = new Promise<First>((tell) =>
    setTimeout(() => tell({ outcome: 'waiting' }), PATIENCE_MS),
  );
  const came = await Promise.race([first, late]);
  if (came.outcome === 'refused') {
    await outbox.discard(id);
    throw came.problem;
  }
  if (came.outcome === 'waiting') return { sent: false };
  const answer = came.answer as { id: string } | null;
  return { sent: true, threadId: answer?.id ?? null };
}
