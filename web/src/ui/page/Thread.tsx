import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './Thread.module.css';

export interface Knot {
  id: string;
  title: ReactNode;
  /** `done` is behind, `now` is where one is, `next` lies ahead, `alert` needs help. */
  state: 'done' | 'now' | 'next' | 'alert';
  detail?: ReactNode;
}

/** The product's motif: a line with knots that shows where one is on it. Read as an ordered list. */
export function Thread({ knots, label }: { knots: readonly Knot[]; label: string }) {
  const t = useTranslations('thread');
  return (
    <ol className={classes.thread} aria-label={label}>
      {knots.map(({ id, title, state, detail }) => (
        <li
          key={id}
          className={classes.knot}
          data-state={state}
          aria-current={state === 'now' ? 'step' : undefined}
        >
          <span className={classes.mark} aria-hidden="true">
            {state === 'done' && <IconCheck size={12} stroke={3.5} />}
          </span>
          <div className={classes.body}>
            <div className={classes.title}>
              {title}
              <span className="visually-hidden"> ({t(state)})</span>
            </div>
            {detail && <div className={classes.detail}>{detail}</div>}
          </div>
        </li>
      ))}
    </ol>
  );
}
