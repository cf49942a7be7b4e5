import { TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Form } from '@/lib/errors/useForm';
import classes from './NameFields.module.css';
import type { NameParts } from './name';

/** The parts that few people have: shown once there is one, or somebody asks. */
const RARE = ['prefix', 'second', 'suffix'] as const;

interface NameFieldsProps {
  // biome-ignore lint/suspicious/noExplicitAny: the fields are named by their parts, whatever else the form holds
  form: Form<any>;
  /** The words beside each part; `more` opens the rare ones, `usedHint` says what the used name is for. */
  label: (part: keyof NameParts | 'more' | 'usedHint') => string;
}

/** Somebody's name in parts, for staff who type it. A single name goes into either of the first two. */
export function NameFields({ form, label }: NameFieldsProps) {
  const [opened, setOpened] = useState(RARE.some((part) => form.values[part]));
  return (
    <>
      <div className={classes.pair}>
        <TextInput label={label('given')} maxLength={100} data-autofocus {...form.field('given')} />
        <TextInput label={label('family')} maxLength={100} {...form.field('family')} />
      </div>
      {opened ? (
        <div className={classes.three}>
          {RARE.map((part) => (
            <TextInput key={part} label={label(part)} maxLength={100} {...form.field(part)} />
          ))}
        </div>
      ) : (
        <button type="button" className={classes.more} onClick={() => setOpened(true)}>
          {label('more')}
        </button>
      )}
      <TextInput
        label={label('used_name')}
        description={label('usedHint')}
        maxLength={100}
        {...form.field('used_name')}
      />
    </>
  );
}
