import { TextInput, type TextInputProps } from '@mantine/core';
import classes from './CodeInput.module.css';

/** A six-digit code: the keyboard of digits, and what the phone offers to fill in from a message. */
export function CodeInput(props: TextInputProps) {
  return (
    <TextInput
      {...props}
      classNames={{ input: classes.input ?? '' }}
      inputMode="numeric"
      autoComplete="one-time-code"
      autoCapitalize="off"
      spellCheck={false}
      maxLength={12}
    />
  );
}
