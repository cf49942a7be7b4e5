import { IconCloudUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useUnsent } from '@/lib/outbox/device';
import classes from './Outbox.module.css';

/** Says on every page that something waits to be sent, and leads to it; nothing when nothing does. */
export function OutboxMark({ to }: { to: '/messages' | '/inbox' }) {
  const t = useTranslations('messaging/outbox');
  const count = useUnsent().length;
  return (
    <span role="status">
      {count > 0 && (
        <Link to={to} className={classes.mark} title={t('mark', { count })}>
          <IconCloudUp size={20} aria-hidden />
          <span aria-hidden="true">{count}</span>
          <span className="visually-hidden">{t('mark', { count })}</span>
        </Link>
      )}
    </span>
  );
}
