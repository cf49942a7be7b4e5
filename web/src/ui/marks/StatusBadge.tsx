import type { ReactNode } from 'react';
import classes from './StatusBadge.module.css';

/** `active`: going on. `attention`: waits for someone. `done`: over. `danger`: needs help. */
export type Tone = 'active' | 'attention' | 'done' | 'danger';

/** A state in a word or two. The colour never says it alone. */
export function StatusBadge({ tone, children }: { tone: Tone; children: ReactNode }) {
  return (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
}
