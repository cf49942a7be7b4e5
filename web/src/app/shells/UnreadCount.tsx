import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import classes from './UnreadCount.module.css';
import { unreadQuery } from './unread';

const CHANGES = {
  'thread.changed': unreadQuery.queryKey,
  'message.added': unreadQuery.queryKey,
};

/** How many messages wait to be read; nothing at all when none do. */
export function UnreadCount() {
  const t = useTranslations('shell');
  useLiveQueries(CHANGES);
  const { data } = useQuery(unreadQuery);
  if (!data) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden="true">{data > 99 ? '99+' : data}</span>
      <span className="visually-hidden">{t('unread', { count: data })}</span>
    </span>
  );
}
