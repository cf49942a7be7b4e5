import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import classes from '../FollowupPage.module.css';
import type { Change } from '../queries';

/** What was done with the task and by whom, the newest first. */
export function TaskHistory({ changes }: { changes: readonly Change[] }) {
  const t = useTranslations('followup.history');
  const times = useTimes();
  return (
    <ol className={classes.log} reversed>
      {changes.toReversed().map((change) => (
        <li key={`${change.at} ${change.what}`}>
          <Words change={change} />
          <span className={classes.who}>
            {' · '}
            {change.by ?? t('system')} · {times.dateTime(change.at)}
          </span>
          {change.due_at && (
            <div className={classes.who}>{t('due', { time: times.dateTime(change.due_at) })}</div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Words({ change }: { change: Change }) {
  const t = useTranslations('followup');
  if (change.what === 'assign') {
    return change.to ? t('history.assigned', { name: change.to }) : t('history.unassigned');
  }
  if (change.what === 'outreach' && change.channel && change.outcome) {
    return t('history.tried', {
      channel: t(`channel.${change.channel}`),
      outcome: t(`outcome.${change.outcome}`),
    });
  }
  return t(`history.${change.what}`);
}
