import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import classes from '../FollowupPage.module.css';
import type { Outreach } from '../queries';

/** What was tried to reach the patient, the newest first. */
export function OutreachLog({ attempts }: { attempts: readonly Outreach[] }) {
  const t = useTranslations('followup');
  const times = useTimes();
  if (attempts.length === 0) return <Text c="dimmed">{t('noAttempts')}</Text>;
  return (
    <ol className={classes.log} reversed>
      {attempts.toReversed().map((attempt) => (
        <li key={attempt.id}>
          <strong>
            {t(`channel.${attempt.channel}`)}: {t(`outcome.${attempt.outcome}`)}
          </strong>
          <span className={classes.who}>
            {' '}
            · {attempt.by} · {times.dateTime(attempt.at)}
          </span>
          {attempt.note && <div>{attempt.note}</div>}
          {attempt.next_try_at && (
            <div className={classes.who}>
              {t('nextTry', { time: times.dateTime(attempt.next_try_at) })}
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
