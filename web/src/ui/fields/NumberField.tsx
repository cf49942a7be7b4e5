import { TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { type ReactNode, useState } from 'react';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { isUnread, type NumberRules, readNumber, type Typed, written } from '@/lib/number/read';
import classes from './NumberField.module.css';

const PAUSE_MS = 600;

interface ReadFieldProps<T> extends Omit<TextInputProps, 'value' | 'defaultValue' | 'onChange'> {
  value?: Typed<T> | undefined;
  /** What the text is now, read anew with each key; and the text itself. */
  onChange: (value: Typed<T>, text: string) => void;
  read: (text: string) => Typed<T>;
  write: (value: T) => string;
  /** What is counted, beside the number. */
  unit?: string | undefined;
  /** What was understood, where that is more than the text itself. */
  understood?: (value: T, text: string) => ReactNode;
}

/**
 * A field for text that stands for a value. The text stays as it was typed, key by key; what cannot be read is
 * an `Unread` value with its reason beside the field, never the value before it; what was understood is read back.
 */
export function ReadField<T>(props: ReadFieldProps<T>) {
  const {
    value = null,
    onChange,
    read,
    write,
    unit,
    understood,
    error,
    description,
    ...input
  } = props;
  const textOf = (of: Typed<T>) => (of === null ? '' : isUnread(of) ? of.unread : write(of as T));
  const [typed, setTyped] = useState(() => textOf(value));
  // A value from elsewhere (a suggestion, a newer version) replaces the text that does not mean it.
  const text = textOf(read(typed)) === textOf(value) ? typed : textOf(value);
  // Half a number is no mistake yet: it becomes one when the typing pauses, or the keyboard goes on.
  const [paused] = useDebouncedValue(text, PAUSE_MS);
  const [typing, setTyping] = useState(false);
  const wrong = isUnread(value) && (!typing || paused === text) ? value : null;
  const readBack = value !== null && !isUnread(value) ? understood?.(value as T, text) : undefined;
  return (
    <TextInput
      autoComplete="off"
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      {...input}
      value={text}
      description={readBack ? <span aria-live="polite">{readBack}</span> : description}
      error={wrong ? <ErrorText code={wrong.code} {...paramsOf(wrong)} /> : error}
      rightSection={unit && <span className={classes.unit}>{unit}</span>}
      {...(unit && {
        rightSectionWidth: `${unit.length + 2}ch`,
        rightSectionPointerEvents: 'none',
      })}
      onFocus={(event) => {
        setTyping(true);
        input.onFocus?.(event);
      }}
      onBlur={(event) => {
        setTyping(false);
        input.onBlur?.(event);
      }}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(read(currentTarget.value), currentTarget.value);
      }}
    />
  );
}

const paramsOf = ({ params }: { params?: Record<string, string | number> }) =>
  params ? { params } : {};

interface NumberFieldProps
  extends Omit<ReadFieldProps<number>, 'read' | 'write' | 'understood' | 'required'>,
    Omit<NumberRules, 'locale' | 'units'> {
  /** Words that may be typed after the number, beside the unit itself. */
  units?: readonly string[];
}

/** One number between `low` and `high`, with as many digits after the point as `decimals` says. */
export function NumberField({
  low,
  high,
  decimals = 0,
  units = [],
  required = false,
  ...props
}: NumberFieldProps) {
  const locale = useCurrentLocale();
  const known = props.unit ? [props.unit, ...units] : units;
  return (
    <ReadField
      inputMode={decimals > 0 ? 'decimal' : 'numeric'}
      {...props}
      read={(text) => readNumber(text, { locale, low, high, decimals, units: known, required })}
      write={written}
      understood={(value, text) =>
        text.trim() === written(value) ? null : `= ${written(value)} ${props.unit ?? ''}`.trim()
      }
    />
  );
}
