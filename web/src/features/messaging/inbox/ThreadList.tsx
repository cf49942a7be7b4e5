import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { sameNames } from '@/lib/patient';
import { isPatient, usePerson } from '@/lib/session/session';
import { RelativeTime } from '@/ui/marks/RelativeTime';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { More } from '@/ui/page/More';
import { Marks } from '@/ui/person/Marks';
import { SameName } from '@/ui/person/SameName';
import { RestrictedMark } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { marksOf, THREAD_CHANGES, type Thread, threadsQuery } from '../queries';
import { useSubject } from '../subject';
import classes from './ThreadList.module.css';

type Conversation = '/messages/$threadId' | '/inbox/$threadId';

interface ThreadListProps {
  awaiting?: 'clinic';
  /** Where a thread opens. */
  to: Conversation;
  empty: ReactNode;
}

/** Threads, the newest first, for staff after the urgent ones; what is new stands out and is counted. */
export function ThreadList({ awaiting, to, empty }: ThreadListProps) {
  const t = useTranslations('messaging');
  const threads = useInfiniteQuery(threadsQuery(awaiting));
  useLiveQueries(THREAD_CHANGES);
  return (
    <QueryState
      of={threads}
      empty={{ when: ({ pages }) => pages[0]?.threads.length === 0, show: empty }}
    >
      {({ pages }) => (
        <>
          <Threads threads={pages.flatMap((page) => page.threads)} to={to} />
          <More of={threads}>{t('older')}</More>
        </>
      )}
    </QueryState>
  );
}

function Threads({ threads, to }: { threads: readonly Thread[]; to: Conversation }) {
  const shared = sameNames(
    threads.map(({ patient_id, patient_name }) => ({ id: patient_id, name: patient_name })),
  );
  return (
    <ul className={classes.threads}>
      {threads.map((thread) => (
        <ThreadRow
          key={thread.id}
          thread={thread}
          to={to}
          sameName={shared.has(thread.patient_id)}
        />
      ))}
    </ul>
  );
}

interface ThreadRowProps {
  thread: Thread;
  to: Conversation;
  /** Whether another patient in the list has the same name. */
  sameName: boolean;
}

function ThreadRow({ thread, to, sameName }: ThreadRowProps) {
  const t = useTranslations('messaging');
  const forPatient = isPatient(usePerson());
  const subject = useSubject()(thread.subject);
  return (
    <li>
      <Link
        to={to}
        params={{ threadId: thread.id }}
        className={classes.thread}
        data-unread={thread.unread > 0 || undefined}
      >
        <span className={classes.head}>
          <span className={classes.title}>{forPatient ? subject : thread.patient_name}</span>
          <span className={classes.time}>
            <RelativeTime at={thread.last_at} />
          </span>
        </span>
        {!forPatient && (
          <>
            <span className={classes.marks}>
              <Marks of={marksOf(thread)} />
            </span>
            {sameName && <SameName />}
            {thread.restricted && <RestrictedMark />}
            <span className={classes.subject}>{subject}</span>
          </>
        )}
        <span className={classes.foot}>
          <span className={classes.excerpt}>
            {thread.last_kind === 'visit_ended' ? t('visitEndedShort') : thread.excerpt}
          </span>
          {thread.urgent && <StatusBadge tone="danger">{t('urgentThread')}</StatusBadge>}
          {thread.unread > 0 ? (
            <span className={classes.count}>
              {thread.unread}
              <span className="visually-hidden"> {t('new', { count: thread.unread })}</span>
            </span>
          ) : (
            !forPatient &&
            !thread.urgent &&
            thread.awaiting === 'clinic' && (
              <StatusBadge tone="attention">{t('awaitingClinic')}</StatusBadge>
            )
          )}
        </span>
      </Link>
    </li>
  );
}
