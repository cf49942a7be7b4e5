import { InputBase } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './fields.module.css';

interface FieldProps {
  label: ReactNode;
  value: string;
  onChange: (event: { currentTarget: { value: string } }) => void;
  error?: ReactNode;
}

interface AreaProps extends FieldProps {
  rows: number;
  maxLength?: number | undefined;
}

/* Mantine's own Textarea and NativeSelect bring along what these pages do not need; every KB counts. */

/** Several lines of text; grows with them where the browser can. */
export function TextArea(area: AreaProps) {
  return (
    <InputBase
      size="md"
      component="textarea"
      multiline
      classNames={{ input: classes.area ?? '' }}
      {...area}
    />
  );
}

interface SelectProps extends FieldProps {
  options: readonly { value: string; label: string }[];
  onFocus?: () => void;
}

/** The browser's own select. */
export function Select({ options, ...select }: SelectProps) {
  return (
    <InputBase
      size="md"
      component="select"
      classNames={{ input: classes.select ?? '' }}
      {...select}
    >
      {options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </InputBase>
  );
}
