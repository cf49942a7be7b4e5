import type { ReactNode } from 'react';
import classes from './Row.module.css';

/** A list of rows on a card. */
export function Rows({ children, label }: { children: ReactNode; label?: string }) {
  return (
    <ul className={classes.rows} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: ReactNode;
  detail?: ReactNode;
  aside?: ReactNode;
}

/** A row of a list, to read. `LinkRow` is one to press. */
export function Row({ title, detail, aside }: RowProps) {
  return (
    <li className={`${classes.row} ${classes.plain}`}>
      <RowBody title={title} detail={detail} aside={aside} />
    </li>
  );
}

/** What a row says; what stands at its end moves below where there is no room for it. */
export function RowBody({ title, detail, aside }: RowProps) {
  return (
    <span className={classes.body}>
      <span className={classes.text}>
        <span className={classes.title}>{title}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
      {aside}
    </span>
  );
}
