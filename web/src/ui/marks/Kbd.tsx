import classes from './Kbd.module.css';

/** A key to press, shown to those who have a keyboard. */
export function Kbd({ children }: { children: string }) {
  return (
    <span className={classes.kbd} aria-hidden="true">
      {children}
    </span>
  );
}
