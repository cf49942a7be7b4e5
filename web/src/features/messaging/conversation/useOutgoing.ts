import { useEffect } from 'react';
import { outbox, useOutbox } from '@/lib/outbox/device';
import { isMessage, type Written } from '@/lib/outbox/messages';
import type { Entry } from '@/lib/outbox/outbox';
import type { Message } from '../queries';

/** What waits to be sent into a thread and is not in it yet. */
export function useOutgoing(
  threadId: string,
  received: readonly Message[],
): readonly Entry<Written>[] {
  const entries = useOutbox();
  const there = new Set(received.map((message) => message.client_id));
  useEffect(() => {
    void outbox.received(new Set(received.map((message) => message.client_id)));
  }, [received]);
  return entries.filter(
    (entry): entry is Entry<Written> =>
      isMessage(entry.item.letter) &&
      entry.item.letter.threadId === threadId &&
      !there.has(entry.item.id),
  );
}
