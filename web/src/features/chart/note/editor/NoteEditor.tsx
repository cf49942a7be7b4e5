import { Textarea } from '@mantine/core';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { fieldErrors } from '@/lib/errors/useForm';
import { Kbd } from '@/ui/marks/Kbd';
import { useShortcuts } from '../../shortcuts';
import { type Content, SECTIONS, type SectionName } from '../content';
import type { NoteState } from '../session';
import { DiagnosisPicker } from './DiagnosisPicker';
import classes from './NoteEditor.module.css';
import { PlanEditor } from './PlanEditor';
import { VitalsEditor } from './VitalsEditor';

interface NoteEditorProps {
  state: NoteState;
  onChange: (content: Content) => void;
  /** What may not be signed yet, by field path; shown beside the fields. */
  missing?: Readonly<Record<string, React.ReactNode>>;
}

const ROWS: Readonly<Record<SectionName, number>> = {
  subjective: 6,
  objective: 2,
  assessment: 2,
  plan: 3,
};

/** The note as it is written: four sections, with diagnoses, measurements and the plan beside them. */
export function NoteEditor({ state, onChange, missing = {} }: NoteEditorProps) {
  const t = useTranslations('chart.note');
  const root = useRef<HTMLDivElement>(null);
  const { content } = state;
  const errors: Record<string, React.ReactNode> = {
    ...missing,
    ...fieldErrors(state.problem?.fields ?? []),
  };
  const focus = (part: string) => () =>
    root.current?.querySelector<HTMLElement>(`[data-part="${part}"]`)?.focus();
  useShortcuts({
    Digit1: focus('subjective'),
    Digit2: focus('objective'),
    Digit3: focus('assessment'),
    Digit4: focus('plan'),
    KeyD: focus('diagnosis'),
    KeyK: focus('plan-call'),
  });
  const section = (name: SectionName, at: number) => (
    <Textarea
      label={
        <span className={classes.label}>
          {t(`section.${name}`)}
          <Kbd>{`Alt ${at + 1}`}</Kbd>
        </span>
      }
      placeholder={t(`placeholder.${name}`)}
      autosize
      minRows={ROWS[name]}
      value={content[name]}
      error={errors[`content.${name}`]}
      onChange={(event) => onChange({ ...content, [name]: event.currentTarget.value })}
      data-part={name}
      spellCheck
    />
  );
  const [subjective, objective, assessment, plan] = SECTIONS;
  return (
    <div ref={root} className={classes.editor}>
      {section(subjective, 0)}
      <div className={classes.part}>
        {section(objective, 1)}
        <VitalsEditor
          vitals={content.vitals}
          typed={content.typed}
          errors={errors}
          onChange={(part) => onChange({ ...content, ...part })}
        />
      </div>
      <div className={classes.part}>
        {section(assessment, 2)}
        <DiagnosisPicker
          diagnoses={content.diagnoses}
          errors={errors}
          onChange={(diagnoses) => onChange({ ...content, diagnoses })}
        />
      </div>
      <div className={classes.part}>
        {section(plan, 3)}
        <PlanEditor
          items={content.plan_items}
          typed={content.typed}
          errors={errors}
          onChange={(plan_items, typed) => onChange({ ...content, plan_items, typed })}
        />
      </div>
    </div>
  );
}
