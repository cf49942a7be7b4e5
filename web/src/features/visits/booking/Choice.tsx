import type { ReactNode } from 'react';
import classes from './Booking.module.css';

interface ChoiceProps {
  name: string;
  label: string;
  choices: readonly { value: string; label: ReactNode; detail?: ReactNode }[];
  chosen: string;
  onChoose: (value: string) => void;
}

/** One of a few, side by side. */
export function Choice({ name, label, choices, chosen, onChoose }: ChoiceProps) {
  return (
    <fieldset className={classes.choice}>
      <legend>{label}</legend>
      <div className={classes.options} data-narrow={choices.some(({ detail }) => detail)}>
        {choices.map(({ value, label: text, detail }) => (
          <label key={value} className={classes.option}>
            <input
              type="radio"
              className="visually-hidden"
              name={name}
              value={value}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            {text}
            {detail && <small>{detail}</small>}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
