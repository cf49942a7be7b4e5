import { type ReactNode, useId } from 'react';
import classes from './ChoiceCards.module.css';

export interface Choice {
  value: string;
  label: ReactNode;
}

interface ChoiceCardsProps {
  label: ReactNode;
  /** One of several, or any number of them. */
  kind: 'radio' | 'checkbox';
  choices: readonly Choice[];
  chosen: readonly string[];
  onChoose: (value: string, on: boolean) => void;
  error?: ReactNode;
  description?: ReactNode;
  /** `row` for a few short ones side by side. */
  layout?: 'list' | 'row' | 'scale';
  /** When the screen's own heading asks the question already. */
  labelHidden?: boolean;
}

/** Large cards to choose from: real radio buttons and checkboxes, one fieldset a question. */
export function ChoiceCards(props: ChoiceCardsProps) {
  const { label, kind, choices, chosen, onChoose, error, description, layout = 'list' } = props;
  const id = useId();
  const described = [description && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset
      className={classes.field}
      data-error={error ? true : undefined}
      aria-describedby={described || undefined}
    >
      <legend className={props.labelHidden ? 'visually-hidden' : classes.label}>{label}</legend>
      {description && (
        <p id={`${id}-hint`} className={classes.hint}>
          {description}
        </p>
      )}
      <div className={classes.choices} data-layout={layout}>
        {choices.map((choice) => (
          <label key={choice.value} className={classes.choice} data-kind={kind}>
            <input
              type={kind}
              name={id}
              value={choice.value}
              checked={chosen.includes(choice.value)}
              onChange={(event) => onChoose(choice.value, event.currentTarget.checked)}
              aria-invalid={error ? true : undefined}
              aria-describedby={described || undefined}
            />
            <span className={classes.text}>{choice.label}</span>
          </label>
        ))}
      </div>
      {error && (
        <p id={`${id}-error`} className={classes.error}>
          {error}
        </p>
      )}
    </fieldset>
  );
}
