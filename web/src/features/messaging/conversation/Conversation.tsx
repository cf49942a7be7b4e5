import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Fragment, type ReactNode, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { api } from '@/lib/api/client';
import { useLiveQueries } from '@/lib/live/useLive';
import { outbox } from '@/lib/outbox/device';
import { joined, messageDraft } from '@/lib/outbox/editing';
import type { Item } from '@/lib/outbox/item';
import type { Message as Outgoing, Written } from '@/lib/outbox/messages';
import { isPatient, usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { More } from '@/ui/page/More';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { OutboxBubble } from '../outbox/OutboxBubble';
import {
  conversationQuery,
  type Conversation as Data,
  type Message,
  THREAD_CHANGES,
} from '../queries';
import { useSubject } from '../subject';
import { Composer } from './Composer';
import classes from './Conversation.module.css';
import { MessageBubble, SystemLine } from './MessageBubble';
import { useDraft } from './useDraft';
import { useOutgoing } from './useOutgoing';

/** A thread's messages, and where to write the next. Reading it marks it read on every device. */
export function Conversation({ threadId, hint }: { threadId: string; hint?: ReactNode }) {
  const t = useTranslations('messaging');
  const conversation = useInfiniteQuery(conversationQuery(threadId));
  useLiveQueries(THREAD_CHANGES);
  return (
    <UnlessLocked of={conversation}>
      <QueryState of={conversation}>
        {(data) => (
          <>
            <More of={conversation}>{t('older')}</More>
            <Messages key={data.id} data={data} hint={hint} />
          </>
        )}
      </QueryState>
    </UnlessLocked>
  );
}

function Messages({ data, hint }: { data: Data; hint?: ReactNode }) {
  const t = useTranslations('messaging');
  const times = useTimes();
  const person = usePerson();
  const outgoing = useOutgoing(data.id, data.messages);
  const draft = useDraft(messageDraft(data.id));
  const subject = useSubject();
  const end = useRef<HTMLDivElement>(null);
  useReading(data);

  const newest = outgoing.at(-1)?.item.id ?? data.messages.at(-1)?.client_id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls when a message is added
  useEffect(() => {
    // Returns a promise in newer browsers, which React would take for the effect's clean-up.
    void end.current?.scrollIntoView({ block: 'nearest' });
  }, [newest]);

  const mySide = isPatient(person) ? 'patient' : 'clinic';
  const about = mySide === 'patient' ? subject(data.subject) : data.patient_name;
  const send = (body: string) =>
    outbox.add<Outgoing>({ kind: 'message', threadId: data.id, about, body });
  const edit = async ({ id, letter }: Item<Written>) => {
    await draft.writeNow(joined(letter.body, draft.text));
    await outbox.discard(id);
  };
  // The clinic's side are several people, who read each other's names; a patient reads 'You'.
  const nameOf = ({ author_id, author_name }: Message) =>
    mySide === 'patient' && author_id === person.account_id ? t('you') : author_name;
  return (
    <div className={classes.conversation}>
      <ol className={classes.messages} aria-live="polite" aria-label={t('messages')}>
        {data.messages.map((message, place) => {
          const before = data.messages[place - 1];
          const day = times.date(message.at);
          return (
            <Fragment key={message.id}>
              {(!before || times.date(before.at) !== day) && (
                <li className={classes.day}>{times.weekday(message.at)}</li>
              )}
              {message.side === 'system' ? (
                <SystemLine message={message} />
              ) : (
                <MessageBubble
                  message={message}
                  mine={message.side === mySide}
                  author={
                    before?.author_id !== message.author_id || before?.side === 'system'
                      ? nameOf(message)
                      : null
                  }
                />
              )}
            </Fragment>
          );
        })}
        {outgoing.map((entry) => (
          <OutboxBubble key={entry.item.id} entry={entry} onEdit={() => edit(entry.item)} />
        ))}
      </ol>
      <div ref={end} />
      <Composer
        draft={draft}
        threadId={data.id}
        label={
          mySide === 'patient' ? t('writeClinic') : t('writePatient', { name: data.patient_name })
        }
        hint={hint}
        onSend={send}
      />
    </div>
  );
}

/** Tells the API how far this person has read, as soon as they really see it. */
function useReading({ id, messages, read_to: readTo }: Data): void {
  const client = useQueryClient();
  const last = messages.at(-1)?.seq ?? 0;
  useEffect(() => {
    if (last <= readTo) return;
    const read = async () => {
      if (document.visibilityState !== 'visible') return;
      await api.POST('/api/threads/{thread_id}/read', {
        params: { path: { thread_id: id } },
        body: { seq: last },
      });
      await client.invalidateQueries({ queryKey: ['threads'] });
    };
    const tryRead = () => void read().catch(() => undefined);
    tryRead();
    document.addEventListener('visibilitychange', tryRead);
    return () => document.removeEventListener('visibilitychange', tryRead);
  }, [client, id, last, readTo]);
}
