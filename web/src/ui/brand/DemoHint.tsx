import { IconMail } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './DemoHint.module.css';

/** What only the demo says: where to find what would have been sent. */
export function DemoHint({ children }: { children: ReactNode }) {
  return (
    <p className={classes.hint}>
      <IconMail size={20} aria-hidden />
      <span>{children}</span>
    </p>
  );
}

/** The outbox beside this page, so that what was typed here stays. */
export const outboxLink = (text: ReactNode) => (
  <a href="/demo/outbox" target="_blank" rel="noreferrer">
    {text}
  </a>
);
