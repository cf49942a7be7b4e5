import { IconDoorExit } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useNow } from '@/lib/time/useNow';
import type { QueueEntry } from '../model';
import classes from './Queue.module.css';

/** Whether the patient is at the page, and for how long not; and why they may be about to give up. */
export function PresenceMark({ entry: { presence, doubts } }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const now = useNow(15_000);
  const state = presence?.state ?? 'unknown';
  const since = presence?.since ?? null;
  const minutes = since && Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  return (
    <>
      <span className={classes.presence} data-here={state}>
        {minutes === null ? t(`page.${state}`) : t(`page.${state}For`, { minutes })}
      </span>
      {doubts.length > 0 && (
        <span className={classes.doubt}>
          <IconDoorExit size={15} aria-hidden />
          {t('mayGiveUp', { why: doubts.map((reason) => t(`doubts.${reason}`)).join(', ') })}
        </span>
      )}
    </>
  );
}
