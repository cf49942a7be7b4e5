import {
  IconArrowForwardUp,
  IconCalendarRepeat,
  IconChecklist,
  IconFlask,
  IconPhone,
  IconPill,
} from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useNow } from '@/lib/time/useNow';
import { useTimes } from '@/lib/time/useTimes';
import { RedFlag } from '@/ui/marks/RedFlag';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Marks } from '@/ui/person/Marks';
import { SameName } from '@/ui/person/SameName';
import { RestrictedMark } from '@/ui/states/LockedChart';
import { pressure } from '../due';
import classes from '../FollowupPage.module.css';
import { marksOf, type Task } from '../queries';
import { useTaskTitle } from './useTaskTitle';

const ICONS: Readonly<Record<string, typeof IconPhone>> = {
  call: IconPhone,
  lab: IconFlask,
  recheck: IconCalendarRepeat,
  referral: IconArrowForwardUp,
  prescription: IconPill,
};

/** A task in the list: what, for whom, by when, and who has it. */
export function TaskRow({ task, sameName }: { task: Task; sameName: boolean }) {
  const t = useTranslations('followup');
  const titleOf = useTaskTitle();
  const Icon = ICONS[task.kind] ?? IconChecklist;
  return (
    <li>
      <Link to="/followup/$taskId" params={{ taskId: task.id }} className={classes.task}>
        <Icon
          size={20}
          stroke={1.75}
          className={classes.icon}
          aria-label={t(`kind.${task.kind}`)}
        />
        <span className={classes.what}>
          <span className={classes.taskTitle}>
            {task.restricted ? <RestrictedMark /> : titleOf(task)}
          </span>
          <span className={classes.who}>
            {task.patient_name}
            {task.tries > 0 && ` · ${t('tries', { count: task.tries })}`}
          </span>
          <span className={classes.who}>
            <Marks of={marksOf(task)} />
          </span>
          {sameName && <SameName />}
          <TaskFlags task={task} />
        </span>
        <span className={classes.when}>
          <Due task={task} />
          <span className={classes.who}>{task.assignee_name ?? t('nobody')}</span>
        </span>
      </Link>
    </li>
  );
}

/** Why somebody who went away is called: their red flags, and which answers they had changed. */
export function TaskFlags({ task }: { task: Task }) {
  const flag = useTranslations('visits/queue.flags');
  if (task.red_flags.length === 0) return null;
  return (
    <span className={classes.flags}>
      {task.red_flags.map(({ code, level, changed_at = null, because }) => (
        <RedFlag key={code} level={level} changedAt={changed_at} because={because}>
          {flag.has(code) ? flag(code) : code}
        </RedFlag>
      ))}
    </span>
  );
}

/** When a task is due, with its pressure said in words as well as in colour. */
export function Due({ task }: { task: Task }) {
  const t = useTranslations('followup');
  const times = useTimes();
  const now = useNow();
  if (task.status !== 'open') {
    return <StatusBadge tone="done">{t(`status.${task.status}`)}</StatusBadge>;
  }
  const how = pressure(task.due_at, now, times.timeZone);
  const tone = how === 'overdue' ? 'danger' : how === 'today' ? 'attention' : 'active';
  return (
    <span title={times.dateTime(task.due_at)}>
      <StatusBadge tone={tone}>
        {how === 'overdue'
          ? t('overdue', { time: times.relativeDay(task.due_at, now) })
          : t('due', { time: times.relativeDay(task.due_at, now) })}
      </StatusBadge>
    </span>
  );
}
