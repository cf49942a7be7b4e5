import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { Entry } from '@/lib/outbox/outbox';
import { StandingLine } from './StandingLine';
import classes from './Unsent.module.css';

/** What waits on this device, where it belongs; nothing when nothing does. */
export function UnsentList({ children }: { children: readonly ReactNode[] }) {
  const t = useTranslations('messaging/outbox');
  if (children.length === 0) return null;
  return (
    <section className={classes.unsent} aria-label={t('list')}>
      <h2 className={classes.title}>{t('list')}</h2>
      <ul className={classes.items}>{children}</ul>
    </section>
  );
}

interface UnsentItemProps {
  entry: Entry;
  /** What it does, and about what. */
  about: ReactNode;
  text: string;
  onEdit?: (() => void) | undefined;
}

/** One thing that waits: what it does, what was written, how it stands. */
export function UnsentItem({ entry, about, text, onEdit }: UnsentItemProps) {
  return (
    <li className={classes.item}>
      <span className={classes.about}>{about}</span>
      {text && <p className={classes.body}>{text}</p>}
      <StandingLine entry={entry} onEdit={onEdit} />
    </li>
  );
}
