import classes from './Brand.module.css';
import { Logo } from './Logo';

/** The mark and the name; `name` is the clinic's where a patient is its guest. */
export function Brand({ name = 'Carethread', size = 28 }: { name?: string; size?: number }) {
  return (
    <span className={classes.root}>
      <Logo size={size} />
      <span className={classes.name}>{name}</span>
    </span>
  );
}
