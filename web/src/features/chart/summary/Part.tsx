import { ActionIcon } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useOpened } from '@/lib/focus/useOpened';
import { UnsentOfPart } from '../outbox/UnsentInChart';
import type { ChartSummary } from '../queries';
import classes from './Summary.module.css';

/** What every part of the chart is given. */
export interface PartOf {
  summary: ChartSummary;
  editable: boolean;
  /** The visit that facts added here belong to. */
  visitId: string | null;
}

interface PartProps {
  title: string;
  /** Said when there is nothing, so that it is no open question. */
  none: string;
  /** What the button reads that adds one; without it there is no button. */
  add?: { label: string; form: (close: () => void) => ReactNode };
  /** Whose chart it is and which part of it, where what is added may still wait on this device. */
  keeps?: { patientId: string; part: string };
  children: readonly ReactNode[];
}

/** One part of the chart: its heading, its lines, and a way to add one. */
export function Part({ title, none, add, keeps, children }: PartProps) {
  const id = useId();
  const { opened, open, close } = useOpened<true>();
  const adding = opened !== null;
  return (
    <section className={classes.part} aria-labelledby={id}>
      <header className={classes.head}>
        <h3 id={id} className={classes.title}>
          {title}
        </h3>
        {add && (
          <ActionIcon
            variant="subtle"
            size="md"
            aria-label={add.label}
            aria-expanded={adding}
            onClick={() => (adding ? close() : open(true))}
          >
            <IconPlus size={16} aria-hidden />
          </ActionIcon>
        )}
      </header>
      {keeps && <UnsentOfPart {...keeps} onEdit={adding || !add ? null : () => open(true)} />}
      {adding && add?.form(close)}
      {children.length > 0 ? (
        <ul className={classes.list}>{children}</ul>
      ) : (
        <p className={classes.none}>{none}</p>
      )}
    </section>
  );
}
