import { Input, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import classes from './BirthDate.module.css';
import { dayOf, type Parts } from './birthDate';

const ORDER = {
  en: ['month', 'day', 'year'],
  es: ['day', 'month', 'year'],
} as const;
const COMPLETE = { day: 'bday-day', month: 'bday-month', year: 'bday-year' } as const;

interface BirthDateProps {
  error?: ReactNode;
  /** `1990-04-01`, empty, or `incomplete`. */
  onDay: (day: string) => void;
}

/** Three boxes to type in: nobody pages back sixty years in a calendar. */
export function BirthDate({ error, onDay }: BirthDateProps) {
  const t = useTranslations('identity/who.register');
  const locale = useCurrentLocale();
  const id = useId();
  const [parts, setParts] = useState<Parts>({ day: '', month: '', year: '' });
  const change = (part: keyof Parts, text: string) => {
    const next = { ...parts, [part]: text.trim() };
    setParts(next);
    onDay(dayOf(next));
  };
  return (
    <fieldset className={classes.fields} aria-describedby={error ? id : undefined}>
      <legend className={classes.legend}>{t('birthDate')}</legend>
      <div className={classes.boxes}>
        {ORDER[locale].map((part) => (
          <TextInput
            key={part}
            label={t(part)}
            inputMode="numeric"
            autoComplete={COMPLETE[part]}
            maxLength={part === 'year' ? 4 : 2}
            className={classes[part] ?? ''}
            value={parts[part]}
            error={Boolean(error)}
            onChange={(event) => change(part, event.currentTarget.value)}
          />
        ))}
      </div>
      {error && <Input.Error id={id}>{error}</Input.Error>}
    </fieldset>
  );
}
