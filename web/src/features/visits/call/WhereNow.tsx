import { Button, TextInput } from '@mantine/core';
import { type ChangeEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { fieldErrors } from '@/lib/errors/useForm';
import classes from './WhereNow.module.css';

/** Where help would be sent, and how to call back: asked at every join. */
export interface Whereabouts {
  line: string;
  city: string;
  state: string;
  zip: string;
  country: string;
  phone: string;
}

const FIELDS = ['line', 'city', 'state', 'zip', 'phone'] as const;
type Field = (typeof FIELDS)[number];

const AUTOCOMPLETE: Readonly<Record<Field, string>> = {
  line: 'street-address',
  city: 'address-level2',
  state: 'address-level1',
  zip: 'postal-code',
  phone: 'tel',
};

const pathOf = (field: Field) => (field === 'phone' ? 'callback_phone' : `location.${field}`);

interface WhereNowProps {
  where: Whereabouts;
  onChange: (where: Whereabouts) => void;
  problem: ApiProblem | null;
}

/** What was last said, to be confirmed by one press: joining. Opens into fields when it has changed or is wrong. */
export function WhereNow({ where, onChange, problem }: WhereNowProps) {
  const t = useTranslations('visits.call.where');
  const [changed, setChanged] = useState(false);
  const wrong = fieldErrors(problem?.fields ?? []);
  const known = where.line !== '' && where.phone !== '';
  const open = changed || !known || Object.keys(wrong).length > 0;
  const { line, city, state, zip, phone } = where;
  return (
    <section className={classes.where} aria-labelledby="where-now">
      <h2 id="where-now">{open ? t('title') : t('still', { line })}</h2>
      {!open && (
        <>
          <address>{[city, `${state} ${zip}`.trim()].filter(Boolean).join(', ')}</address>
          <p>{t('callback', { phone })}</p>
          <Button variant="subtle" size="sm" onClick={() => setChanged(true)}>
            {t('change')}
          </Button>
        </>
      )}
      {open && (
        <>
          <p>{t('why')}</p>
          {FIELDS.map((field) => (
            <TextInput
              key={field}
              label={t(field)}
              autoComplete={AUTOCOMPLETE[field]}
              type={field === 'phone' ? 'tel' : 'text'}
              value={where[field]}
              error={wrong[pathOf(field)]}
              data-path={pathOf(field)}
              onChange={(event: ChangeEvent<HTMLInputElement>) =>
                onChange({ ...where, [field]: event.currentTarget.value })
              }
            />
          ))}
        </>
      )}
    </section>
  );
}
