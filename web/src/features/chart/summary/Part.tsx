import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import classes from './Summary.module.css';

interface PartProps {
  title: string;
  /** Said when there is nothing, so that it is no open question. */
  none: string;
  /** What the button reads that adds one; without it there is no button. */
  add?: { label: string; form: (close: () => void) => ReactNode };
  children: readonly ReactNode[];
}

/** One part of the chart: its heading, its lines, and a way to add one. */
export function Part({ title, none, add, children }: PartProps) {
  const id = useId();
  const [adding, setAdding] = useState(false);
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
            onClick={() => setAdding(!adding)}
          >
            <IconPlus size={16} aria-hidden />
          </ActionIcon>
        )}
      </header>
      {adding && add?.form(() => setAdding(false))}
      {children.length > 0 ? (
        <ul className={classes.list}>{children}</ul>
      ) : (
        <p className={classes.none}>{none}</p>
      )}
    </section>
  );
}

interface AddByNameProps {
  label: string;
  /** A second, optional field: how a medicine is taken, what an allergy does. */
  second?: string;
  onAdd: (name: string, more: string) => Promise<unknown>;
  close: () => void;
}

/** The shortest form there is: a name, and perhaps one thing more. Enter adds, Escape leaves. */
export function AddByName({ label, second, onAdd, close }: AddByNameProps) {
  const t = useTranslations('chart.summary');
  const form = useForm({
    initialValues: { display: '', more: '' },
    paths: { dosage: 'more', reaction: 'more' },
    checks: ({ display }) => ({ display: !display.trim() && 'required' }),
    submit: async ({ display, more }) => {
      await onAdd(display.trim(), more.trim());
      close();
    },
  });
  return (
    <form {...form.props} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <div className={classes.add}>
        <TextInput autoFocus aria-label={label} placeholder={label} {...form.field('display')} />
        {second && <TextInput aria-label={second} placeholder={second} {...form.field('more')} />}
        <Button type="submit" variant="default" loading={form.sending}>
          {t('add')}
        </Button>
      </div>
      <FormProblem of={form.problem} />
    </form>
  );
}
