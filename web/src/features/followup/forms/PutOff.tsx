import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import classes from '../FollowupPage.module.css';
import { useDueDays } from './useDueDays';

interface PutOffProps {
  loading: boolean;
  onMove: (dueAt: string) => void;
}

/** Moves the task to the next open day, and says which that is. */
export function PutOff({ loading, onMove }: PutOffProps) {
  const t = useTranslations('followup');
  const { dueIn, dayOf, closed } = useDueDays();
  const next = dueIn(1);
  if (closed) return <span className={classes.who}>{t('noOpenDay')}</span>;
  return (
    <Button
      variant="default"
      loading={loading}
      disabled={next === null}
      onClick={() => next && onMove(next)}
    >
      {t('moveTo', next ? dayOf(next) : { when: 'tomorrow', day: '' })}
    </Button>
  );
}
