import { Button, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape } from '@/lib/focus/useOpened';
import { Part } from './Part';
import classes from './Summary.module.css';

interface NamedPartProps {
  title: string;
  none: string;
  editable: boolean;
  /** What the button that adds one reads, and the two fields of its form. */
  add: { label: string; name: string; second: string };
  onAdd: (name: string, more: string) => Promise<unknown>;
  /** Under which name it is kept while it is written. */
  draft: string;
  keeps: { patientId: string; part: string };
  children: readonly ReactNode[];
}

/** A part of the chart whose facts are added by writing a name: allergies, medicines. */
export function NamedPart(props: NamedPartProps) {
  const { title, none, editable, add, onAdd, draft, keeps, children } = props;
  const form = (close: () => void) => (
    <AddByName label={add.name} second={add.second} onAdd={onAdd} close={close} draft={draft} />
  );
  return (
    <Part
      title={title}
      none={none}
      keeps={keeps}
      {...(editable && { add: { label: add.label, form } })}
    >
      {children}
    </Part>
  );
}

interface AddByNameProps {
  label: string;
  /** A second, optional field: how a medicine is taken, what an allergy does. */
  second: string;
  onAdd: (name: string, more: string) => Promise<unknown>;
  close: () => void;
  draft: string;
}

/** The shortest form there is: a name, and perhaps one thing more. Enter adds, Escape leaves. */
function AddByName({ label, second, onAdd, close, draft }: AddByNameProps) {
  const t = useTranslations('chart.summary');
  const form = useKeptForm(draft, {
    initialValues: { display: '', more: '' },
    paths: { dosage: 'more', reaction: 'more' },
    checks: ({ display }) => ({ display: !display.trim() && 'required' }),
    submit: async ({ display, more }) => {
      await onAdd(display.trim(), more.trim());
      close();
    },
  });
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <div className={classes.add}>
        <TextInput autoFocus aria-label={label} placeholder={label} {...form.field('display')} />
        <TextInput aria-label={second} placeholder={second} {...form.field('more')} />
        <Button type="submit" variant="default" loading={form.sending}>
          {t('add')}
        </Button>
      </div>
      <FormProblem of={form.problem} />
    </form>
  );
}
