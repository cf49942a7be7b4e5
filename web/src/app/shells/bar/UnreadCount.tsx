import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { UNREAD_CHANGES, unreadQuery } from '@/lib/api/unread';
import { useLiveQueries } from '@/lib/live/useLive';
import classes from './UnreadCount.module.css';

/** How many messages wait to be read; nothing at all when none do. */
export function UnreadCount() {
  const t = useTranslations('profile/menu');
  useLiveQueries(UNREAD_CHANGES);
  const { data } = useQuery(unreadQuery);
  if (!data) return null;
  return (
    <span className={classes.count}>
      <span aria-hidden="true">{data > 99 ? '99+' : data}</span>
      <span className="visually-hidden">{t('unread', { count: data })}</span>
    </span>
  );
}
