import { Button, SegmentedControl } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useMay } from '@/lib/session/session';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Page } from '@/ui/page/Page';
import { Marks } from '@/ui/person/Marks';
import { Empty } from '@/ui/states/Empty';
import { Conversation } from '../conversation/Conversation';
import { Unsent } from '../outbox/Unsent';
import { conversationQuery, marksOf } from '../queries';
import { useSubject } from '../subject';
import classes from './InboxPage.module.css';
import { ThreadList } from './ThreadList';

/** The clinic's messages: the list, and beside it the thread that is open. */
export default function InboxPage() {
  const t = useTranslations('messaging');
  const { threadId } = useParams({ strict: false });
  const [view, setView] = useState<'clinic' | 'all'>('clinic');
  return (
    <Page title={t('inbox')} width="wide">
      <div className={classes.inbox} data-open={threadId ? true : undefined}>
        <div className={classes.list}>
          <SegmentedControl
            fullWidth
            value={view}
            onChange={(value) => setView(value as typeof view)}
            data={[
              { value: 'clinic', label: t('viewAwaiting') },
              { value: 'all', label: t('viewAll') },
            ]}
            aria-label={t('view')}
          />
          <Unsent />
          <ThreadList
            {...(view === 'clinic' ? { awaiting: 'clinic' as const } : {})}
            to="/inbox/$threadId"
            empty={<Empty title={t('inboxNone')} hint={t('inboxNoneHint')} />}
          />
        </div>
        <div className={classes.thread}>
          {threadId ? (
            <OpenThread key={threadId} threadId={threadId} />
          ) : (
            <Empty title={t('choose')} hint={t('chooseHint')} />
          )}
        </div>
      </div>
    </Page>
  );
}

function OpenThread({ threadId }: { threadId: string }) {
  const t = useTranslations('messaging');
  const subject = useSubject();
  const may = useMay();
  const conversation = useInfiniteQuery(conversationQuery(threadId)).data;
  const settle = useAction({
    run: () =>
      take(
        api.POST('/api/threads/{thread_id}/settle', { params: { path: { thread_id: threadId } } }),
      ),
    invalidates: [['threads']],
  });
  return (
    <>
      {conversation && (
        <header className={classes.head}>
          <Link to="/inbox" className={classes.back}>
            {t('back')}
          </Link>
          <div>
            <h2 className={classes.patient}>
              <Link to="/patients/$patientId" params={{ patientId: conversation.patient_id }}>
                {conversation.patient_name}
              </Link>
            </h2>
            <p className={classes.subject}>
              <Marks of={marksOf(conversation)} />
            </p>
            <p className={classes.subject}>{subject(conversation.subject)}</p>
            {conversation.urgent && <StatusBadge tone="danger">{t('urgentThread')}</StatusBadge>}
          </div>
          {conversation.awaiting === 'clinic' && may('task.write') && (
            <Button variant="default" loading={settle.isPending} onClick={() => settle.mutate()}>
              {t('settle')}
            </Button>
          )}
        </header>
      )}
      <Conversation threadId={threadId} hint={t('keys')} />
    </>
  );
}
