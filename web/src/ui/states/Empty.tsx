import type { ReactNode } from 'react';
import classes from './States.module.css';

interface EmptyProps {
  /** What there is none of, as a sentence. */
  title: string;
  /** What will appear here, or what one can do. */
  hint?: ReactNode;
  action?: ReactNode;
}

/** Where a list would be, when it has nothing in it: a loose end of thread, and what comes next. */
export function Empty({ title, hint, action }: EmptyProps) {
  return (
    <div className={classes.state}>
      <svg width="72" height="24" viewBox="0 0 72 24" aria-hidden="true" className={classes.thread}>
        <path d="M2 16c10-12 16 8 26-2s14-10 20-2 10 6 20-4" fill="none" />
        <circle cx="68" cy="8" r="3" />
      </svg>
      <p className={classes.title}>{title}</p>
      {hint && <p className={classes.hint}>{hint}</p>}
      {action}
    </div>
  );
}
