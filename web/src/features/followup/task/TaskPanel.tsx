import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type RefObject, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { PhonesPanel } from '@/lib/directory/panels';
import { useOpened } from '@/lib/focus/useOpened';
import { useKeys } from '@/lib/keys';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { Marks } from '@/ui/person/Marks';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import classes from '../FollowupPage.module.css';
import { CloseForm } from '../forms/CloseForm';
import { MessageForm } from '../forms/MessageForm';
import { OutreachForm } from '../forms/OutreachForm';
import { PutOff } from '../forms/PutOff';
import { UnsentOfTask } from '../outbox/UnsentDeeds';
import { marksOf, type Task, type TaskDetail, taskQuery, teamQuery } from '../queries';
import { OutreachLog } from './OutreachLog';
import { TaskHistory } from './TaskHistory';
import { AskedBy, TaskOrigin } from './TaskOrigin';
import { Due, TaskFlags } from './TaskRow';
import { useTaskActions } from './useTaskActions';
import { useTaskTitle } from './useTaskTitle';

type Doing = 'outreach' | 'message' | 'complete' | 'cancel';

/** One task: whom it is for, what was tried, and what to do next. */
export function TaskPanel({ taskId }: { taskId: string }) {
  const detail = useQuery(taskQuery(taskId));
  return (
    <UnlessLocked of={detail}>
      <QueryState of={detail}>{(data) => <Panel detail={data} />}</QueryState>
    </UnlessLocked>
  );
}

function Panel({ detail }: { detail: TaskDetail }) {
  const { task, outreach, history } = detail;
  const t = useTranslations('followup');
  const title = useRef<HTMLHeadingElement>(null);
  const { opened: doing, open: setDoing, close: done, isOpen } = useOpened<Doing>(title);
  // An answer that comes late closes its own form, and not the one that was opened meanwhile.
  const doneWith = (what: Doing) => () => {
    if (isOpen(what)) done();
  };
  const actions = useTaskActions(task);
  const open = task.status === 'open';
  useFocusKept(title, open);
  useKeys(open ? { o: () => setDoing('outreach'), e: () => setDoing('complete') } : {});
  return (
    <>
      <Head task={task} title={title} />
      <AskedBy detail={detail} />
      {task.detail && <p className={classes.detail}>{task.detail}</p>}
      {task.outcome && <p className={classes.detail}>{task.outcome}</p>}
      {task.closed_because && (
        <p className={classes.detail}>{t(`because.${task.closed_because}`)}</p>
      )}
      {open ? (
        <div className={classes.actions}>
          <Button onClick={() => setDoing('complete')}>{t('complete')}</Button>
          <Button variant="default" onClick={() => setDoing('outreach')}>
            {t('logOutreach')}
          </Button>
          <Button variant="default" onClick={() => setDoing('message')}>
            {t('message')}
          </Button>
          <span className={classes.together}>
            <PutOff loading={actions.pending} onMove={actions.putOff} />
            <Button variant="subtle" onClick={() => setDoing('cancel')}>
              {t('cancel')}
            </Button>
          </span>
        </div>
      ) : (
        <div className={classes.actions}>
          <Button
            variant="default"
            loading={actions.pending}
            onClick={() => actions.reopen(task.version)}
          >
            {t('reopen')}
          </Button>
        </div>
      )}
      <UnsentOfTask taskId={task.id} onEdit={doing === null ? setDoing : null} />
      {doing === 'outreach' && <OutreachForm task={task} onDone={doneWith('outreach')} />}
      {doing === 'message' && <MessageForm task={task} onDone={doneWith('message')} />}
      {(doing === 'complete' || doing === 'cancel') && (
        <CloseForm task={task} how={doing} onDone={doneWith(doing)} />
      )}
      {open && <Assignee task={task} />}
      <div className={classes.sections}>
        <TaskOrigin detail={detail} />
        <Section title={t('attempts')} aside={outreach.length > 0 && outreach.length}>
          <OutreachLog attempts={outreach} />
        </Section>
        <Section title={t('history.title')}>
          <TaskHistory changes={history} />
        </Section>
      </div>
    </>
  );
}

/** The buttons of an open task leave with it: whoever pressed the last of them goes on at the task's title. */
function useFocusKept(title: RefObject<HTMLElement | null>, open: boolean) {
  const was = useRef(open);
  useEffect(() => {
    if (was.current !== open && document.activeElement === document.body) title.current?.focus();
    was.current = open;
  }, [open, title]);
}

function Head({ task, title }: { task: Task; title: RefObject<HTMLHeadingElement | null> }) {
  const t = useTranslations('followup');
  const titleOf = useTaskTitle();
  const times = useTimes(task.patient_time_zone ?? undefined);
  return (
    <header>
      <Link to="/followup" className={classes.back}>
        {t('back')}
      </Link>
      <div className={classes.head}>
        <h2 ref={title} tabIndex={-1} className={classes.title}>
          {titleOf(task)}
        </h2>
        <Due task={task} />
      </div>
      <p className={classes.patient}>
        <Link to="/patients/$patientId" params={{ patientId: task.patient_id }}>
          {task.patient_name}
        </Link>
        <Marks of={{ ...marksOf(task), phone: null }} />
        <span>{t(`language.${task.patient_language === 'es' ? 'es' : 'en'}`)}</span>
        <span>{t('theirTime', { time: times.timeWithZone(new Date()) })}</span>
      </p>
      {!task.restricted && <PhonesPanel patientId={task.patient_id} known={task.patient_phone} />}
      <TaskFlags task={task} />
    </header>
  );
}

function Assignee({ task }: { task: Task }) {
  const t = useTranslations('followup');
  const { account_id: me, name } = usePerson();
  const team = useQuery(teamQuery).data ?? [];
  const { assign, pending } = useTaskActions(task);
  return (
    <div className={classes.actions}>
      <Select
        label={t('assignee')}
        placeholder={t('nobody')}
        data={team.map(({ id, name }) => ({ value: id, label: name }))}
        value={task.assignee_id}
        onChange={(id) => assign(id, team.find((each) => each.id === id)?.name ?? null)}
        clearable
        searchable
      />
      {task.assignee_id !== me && (
        <Button variant="default" loading={pending} onClick={() => assign(me, name)}>
          {t('take')}
        </Button>
      )}
    </div>
  );
}
