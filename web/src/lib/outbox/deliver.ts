import { shownAgain } from '@/lib/api/client';
import { outbox } from './device';
import type { Letter } from './item';
import type { First } from './outbox';

/** Nobody looks at a turning wheel for longer: it goes on without the form. */
const PATIENCE_MS = 8_000;

/** What became of it: the server's answer (null when another tab sent it), or it waits for a connection. */
export type Delivered<T> = { sent: true; answer: T | null } | { sent: false };

/**
 * Gives something to the server by way of the outbox. Once this is done it is not lost: it is there, or waits on this
 * device. Throws ApiProblem where the server refuses it; the form still has what was typed.
 */
export async function deliver<T>(letter: Letter): Promise<Delivered<T>> {
  const { id, first } = await outbox.add(letter);
  const late = new Promise<First>((tell) =>
    setTimeout(() => tell({ outcome: 'waiting' }), PATIENCE_MS),
  );
  const came = await Promise.race([first, late]);
  if (came.outcome === 'refused') {
    await outbox.discard(id);
    // Whoever pressed is here, and shows it; what is sent later by itself interrupts nobody.
    if (came.problem.code === STEP_UP && (await shownAgain())) return deliver(letter);
    throw came.problem;
  }
  if (came.outcome === 'waiting') return { sent: false };
  await came.shown;
  return { sent: true, answer: came.answer as T | null };
}

const STEP_UP = 'step_up_required';

/** The person says to send it after all. */
export async function sendAfterAll(id: string, refusedFor?: string): Promise<void> {
  if (refusedFor === STEP_UP && !(await shownAgain())) return;
  await outbox.retry(id);
}
