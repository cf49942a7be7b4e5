import { NativeSelect } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { sameNames } from '@/lib/patient';
import { Kbd } from '@/ui/marks/Kbd';
import { More } from '@/ui/page/More';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import classes from './FollowupPage.module.css';
import { KINDS, type Kind, TASK_CHANGES, type Task, tasksQuery, type View } from './queries';
import { TaskPanel } from './task/TaskPanel';
import { TaskRow } from './task/TaskRow';
import { useListKeys } from './useListKeys';
import { ViewTabs } from './ViewTabs';

/** The queue of what was promised: the list by pressure, and beside it the task that is open. */
export default function FollowupPage() {
  const t = useTranslations('followup');
  const { taskId } = useParams({ strict: false });
  const [view, setView] = useState<View>('open');
  const [kind, setKind] = useState<Kind | null>(null);
  const tasks = useInfiniteQuery(tasksQuery(view, kind));
  useLiveQueries(TASK_CHANGES);
  const counts = tasks.data?.pages[0]?.counts ?? {};
  return (
    <Page title={t('title')} width="wide">
      <div className={classes.filters}>
        <ViewTabs view={view} counts={counts} onChange={setView} />
        <NativeSelect
          aria-label={t('kinds')}
          value={kind ?? ''}
          onChange={(event) => setKind((event.currentTarget.value || null) as Kind | null)}
          data={[
            { value: '', label: t('allKinds') },
            ...KINDS.map((value) => ({ value, label: t(`kind.${value}`) })),
          ]}
        />
      </div>
      <div className={classes.queue} data-open={taskId ? true : undefined}>
        <div className={classes.list}>
          <QueryState
            of={tasks}
            empty={{
              when: ({ pages }) => pages[0]?.tasks.length === 0,
              show: <Empty title={t(`none.${view}`)} hint={t('noneHint')} />,
            }}
          >
            {({ pages }) => (
              <TaskList tasks={pages.flatMap((page) => page.tasks)} current={taskId ?? null} />
            )}
          </QueryState>
          <More of={tasks}>{t('more')}</More>
        </div>
        <div className={classes.panel}>
          {taskId ? (
            <TaskPanel key={taskId} taskId={taskId} />
          ) : (
            <Empty title={t('choose')} hint={t('chooseHint')} />
          )}
        </div>
      </div>
    </Page>
  );
}

function TaskList({ tasks, current }: { tasks: readonly Task[]; current: string | null }) {
  const t = useTranslations('followup');
  const navigate = useNavigate();
  useListKeys(
    tasks.map((task) => task.id),
    current,
    (id) => void navigate({ to: '/followup/$taskId', params: { taskId: id } }),
  );
  const shared = sameNames(
    tasks.map(({ patient_id, patient_name }) => ({ id: patient_id, name: patient_name })),
  );
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (current)
      list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [current]);
  return (
    <>
      <ul ref={list} className={classes.tasks} aria-label={t('title')}>
        {tasks.map((task) => (
          <TaskRow key={task.id} task={task} sameName={shared.has(task.patient_id)} />
        ))}
      </ul>
      <p className={classes.keys}>
        <Kbd>j</Kbd>
        <Kbd>k</Kbd>
        {t('keysMove')}
        <Kbd>o</Kbd>
        {t('keysOutreach')}
        <Kbd>e</Kbd>
        {t('keysComplete')}
      </p>
    </>
  );
}
