import { IconCloudUp } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { isWrittenEntry, useUnsent } from '@/lib/outbox/device';
import classes from '@/ui/unsent/Unsent.module.css';

/** Says on every page that something waits to be sent, and leads to it; nothing when nothing does. */
export function OutboxMark({ to }: { to: '/messages' | '/unsent' }) {
  const t = useTranslations('messaging/outbox');
  const entries = useUnsent();
  const count = entries.length;
  const words = t(entries.every(isWrittenEntry) ? 'mark' : 'markAll', { count });
  return (
    <span role="status">
      {count > 0 && (
        <Link to={to} className={classes.mark} title={words}>
          <IconCloudUp size={20} aria-hidden />
          <span aria-hidden="true">{count}</span>
          <span className="visually-hidden">{words}</span>
        </Link>
      )}
    </span>
  );
}
