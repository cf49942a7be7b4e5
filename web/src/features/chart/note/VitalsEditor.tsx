import { Button, CloseButton, NativeSelect, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { type Measurement, measurementsQuery } from '../queries';
import { shown, stored, unitName } from '../units';
import type { Vital } from './content';
import classes from './NoteEditor.module.css';

interface VitalsEditorProps {
  vitals: readonly Vital[];
  errors: Readonly<Record<string, ReactNode>>;
  onChange: (vitals: readonly Vital[]) => void;
}

/** What is measured at home, the most asked for first. */
export const ASKED_FIRST = [
  '8310-5',
  '8480-6',
  '8462-4',
  '8867-4',
  '59408-5',
  '29463-7',
  '72514-3',
];

/** What the patient measured at home and tells during the visit. */
export function VitalsEditor({ vitals, errors, onChange }: VitalsEditorProps) {
  const t = useTranslations('chart.note');
  const name = useMeasurementName();
  const measurements = useQuery(measurementsQuery).data ?? [];
  const choices = ASKED_FIRST.flatMap(
    (code) => measurements.find((each) => each.code === code) ?? [],
  ).filter(({ code }) => !vitals.some((each) => each.code === code));
  const byCode = new Map(measurements.map((each) => [each.code, each]));
  return (
    <>
      <ul className={classes.rows} aria-label={t('vitals')}>
        {vitals.map((each, place) => (
          <li key={each.code} className={classes.row}>
            <span className={classes.grow}>
              {name(byCode.get(each.code)) ?? each.code}
              <span className={classes.error}> {errors[`content.vitals.${place}.value`]}</span>
            </span>
            <span className={classes.code}>
              {shown(each.value, each.unit)} {unitName(each.unit)}
            </span>
            <CloseButton
              size="sm"
              aria-label={t('removeVital')}
              onClick={() => onChange(vitals.filter(({ code }) => code !== each.code))}
            />
          </li>
        ))}
      </ul>
      {choices.length > 0 && (
        <NewVital choices={choices} onAdd={(vital) => onChange([...vitals, vital])} />
      )}
    </>
  );
}

function NewVital({
  choices,
  onAdd,
}: {
  choices: readonly Measurement[];
  onAdd: (v: Vital) => void;
}) {
  const t = useTranslations('chart.note');
  const name = useMeasurementName();
  const [code, setCode] = useState('');
  const [value, setValue] = useState<number | ''>('');
  const [wrong, setWrong] = useState(false);
  const chosen = choices.find((each) => each.code === code) ?? choices[0];
  if (!chosen) return null;

  const add = () => {
    if (value === '') return;
    const kept = stored(value, chosen.unit);
    if (kept < chosen.low || kept > chosen.high) return setWrong(true);
    onAdd({ code: chosen.code, value: kept, unit: chosen.unit });
    setValue('');
    setCode('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  const [low, high] = [shown(chosen.low, chosen.unit), shown(chosen.high, chosen.unit)];
  return (
    <div className={classes.measure}>
      <NativeSelect
        aria-label={t('vitalKind')}
        value={chosen.code}
        data={choices.map((each) => ({ value: each.code, label: name(each) ?? each.code }))}
        onChange={(event) => {
          setCode(event.currentTarget.value);
          setWrong(false);
        }}
      />
      <NumberInput
        aria-label={t('vitalValue', { name: name(chosen) ?? '' })}
        hideControls
        decimalScale={1}
        suffix={unitName(chosen.unit) ? ` ${unitName(chosen.unit)}` : ''}
        value={value}
        error={wrong && t('implausible', { low, high })}
        onChange={(next) => {
          setValue(typeof next === 'number' ? next : '');
          setWrong(false);
        }}
        onKeyDown={onKeyDown}
      />
      <Button variant="default" disabled={value === ''} onClick={add}>
        {t('addVital')}
      </Button>
    </div>
  );
}

/** The short name of a measurement in the reader's language. */
export function useMeasurementName() {
  const locale = useCurrentLocale();
  return (each: Measurement | undefined): string | undefined =>
    locale === 'es' ? each?.short_es : each?.short;
}
