import { Popover, UnstyledButton } from '@mantine/core';
import classes from './Strip.module.css';

interface ListedProps {
  tone: 'danger' | 'unknown' | 'plain';
  label: string;
  title: string;
  /** Names, each with what is added to it. */
  lines: readonly (readonly [string | null, string | null])[];
}

/** A fact in a few words, with the whole list on a press; where there is no list it is no button. */
export function Listed({ tone, label, title, lines }: ListedProps) {
  if (lines.length === 0) {
    return (
      <span className={classes.fact} data-tone={tone}>
        {label}
      </span>
    );
  }
  return (
    <Popover position="bottom-start" withArrow trapFocus>
      <Popover.Target>
        <UnstyledButton className={classes.fact ?? ''} data-tone={tone}>
          {label}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <strong>{title}</strong>
        <ul className={classes.lines}>
          {lines.map(([name, detail], at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two lines may read the same
            <li key={at}>
              {name}
              {detail && <span className={classes.detail}> {detail}</span>}
            </li>
          ))}
        </ul>
      </Popover.Dropdown>
    </Popover>
  );
}
