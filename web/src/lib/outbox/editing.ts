import { drafts } from '@/lib/drafts/drafts';
import { outbox } from './device';
import type { Item } from './item';
import { isMessage, type Written } from './messages';

/** Under which names texts are kept while they are written. */
export const messageDraft = (threadId: string): string => `message.${threadId}`;
export const newThreadDraft = (patientId: string | null): string =>
  patientId === null ? 'thread.new' : `thread.new.${patientId}`;

/** Two texts for one field: what was there stays, beneath. */
export const joined = (above: string, below: string | null): string =>
  below?.trim() ? `${above}\n\n${below}` : above;

type Values = Readonly<Record<string, unknown>>;

/**
 * Puts what was written back into the form that keeps its typing under this name. What was begun there meanwhile stays,
 * beneath, in the field of long text. The item goes once the form has it; false when it could not be put there.
 */
export async function putBackInto(
  id: string,
  draft: string,
  values: Values,
  longText: string | null,
): Promise<boolean> {
  const begun = await drafts.read<{ values: Values }>(draft);
  const text = longText && {
    [longText]: joined(String(values[longText] ?? ''), String(begun?.values[longText] ?? '')),
  };
  const put = await drafts.keep(draft, { values: { ...values, ...text } });
  if (put) await outbox.discard(id);
  return put;
}

/** Puts an item's text back to where it was written, to be changed. False when it could not be put there. */
export async function putBackWritten({ id, letter }: Item<Written>): Promise<boolean> {
  const put = isMessage(letter)
    ? await putMessage(messageDraft(letter.threadId), letter.body)
    : await drafts.keep(newThreadDraft(letter.patientId), {
        values: { subject: letter.subject, body: letter.body },
      });
  if (put) await outbox.discard(id);
  return put;
}

async function putMessage(name: string, body: string): Promise<boolean> {
  return drafts.keep(name, joined(body, await drafts.read<string>(name)));
}
