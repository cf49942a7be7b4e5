import { expect, it, vi } from 'vitest';
import { drafts, sealer } from '@/lib/drafts/drafts';
import { beginLeaving } from '@/lib/session/signOut';
import { outbox, startSending } from './device';
import type { Message } from './messages';

/** Whether the browser would ask before the page is closed. */
function asks(): boolean {
  const event = new Event('beforeunload', { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}

it('has the browser ask before the page is closed with what could not be kept, and not on the way out', async () => {
  vi.spyOn(sealer, 'owner').mockResolvedValue(null);
  vi.spyOn(sealer, 'seal').mockResolvedValue(null);
  const stop = startSending(async () => undefined);
  expect(asks()).toBe(false);
  await drafts.keep('task', 'Called at nine');
  expect(asks()).toBe(true);
  drafts.drop('task');
  expect(asks()).toBe(false);
  const { id } = await outbox.add<Message>({
    kind: 'message',
    threadId: 'one',
    about: '',
    body: 'Hello',
  });
  expect(asks()).toBe(true);
  await outbox.discard(id);
  expect(asks()).toBe(false);
  await drafts.keep('task', 'Called at nine');
  beginLeaving();
  expect(asks()).toBe(false);
  stop();
});
