import { initials } from './initials';
import classes from './PersonName.module.css';

interface PersonNameProps {
  name: string;
  /** A second, quiet line: a role, an age, a title. */
  detail?: React.ReactNode;
}

/** A person by their initials and name. */
export function PersonName({ name, detail }: PersonNameProps) {
  return (
    <span className={classes.person}>
      <Initials name={name} />
      <span className={classes.text}>
        <span className={classes.name}>{name}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
    </span>
  );
}

/** The round of initials by itself: decoration (drawn by CSS), since the name is always near. */
export function Initials({ name, size = 36 }: { name: string; size?: number }) {
  return (
    <span
      className={classes.initials}
      style={{ width: size, height: size, fontSize: size * 0.36 }}
      data-initials={initials(name)}
      aria-hidden="true"
    />
  );
}
