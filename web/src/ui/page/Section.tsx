import { type ReactNode, useId } from 'react';
import classes from './Section.module.css';

interface SectionProps {
  title: string;
  /** Beside the title, quiet: a count, a link. */
  aside?: ReactNode;
  /** Draw the contents on a card (lists of things), or straight on the paper. */
  card?: boolean;
  children: ReactNode;
}

/** A part of a page, under a heading by which screen readers find it. */
export function Section({ title, aside, card = false, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className={classes.section}>
      <header className={classes.header}>
        <h2 id={id} className={classes.title}>
          {title}
        </h2>
        {aside && <div className={classes.aside}>{aside}</div>}
      </header>
      {card ? <div className={classes.card}>{children}</div> : children}
    </section>
  );
}
