import { IconChevronRight } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Destination } from '@/lib/routing/destination';
import { RowBody } from './Row';
import classes from './Row.module.css';

type LinkRowProps = Destination & {
  title: ReactNode;
  detail?: ReactNode;
  /** At the end of the row: a state, a count, a time. */
  aside?: ReactNode;
};

/** A row of a list that leads somewhere: all of it can be pressed. */
export function LinkRow({ title, detail, aside, ...destination }: LinkRowProps) {
  return (
    <li className={classes.row}>
      <Link {...destination} className={classes.link}>
        <RowBody title={title} detail={detail} aside={aside} />
        <IconChevronRight size={18} className={classes.chevron} aria-hidden />
      </Link>
    </li>
  );
}
