import { Button, CloseButton, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import { type Measurement, measurementsQuery } from '../../queries';
import { bothUnits, readMeasure, shown, unitName } from '../../units';
import { type Content, type Vital, vitalField, vitalTyped, withTyped } from '../content';
import classes from './NoteEditor.module.css';

interface VitalsEditorProps {
  vitals: readonly Vital[];
  typed: Content['typed'];
  errors: Readonly<Record<string, ReactNode>>;
  onChange: (part: Partial<Pick<Content, 'vitals' | 'typed'>>) => void;
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

/** The path by which the field of a measurement that is not added yet is found. */
export const NEW_VITAL = 'content.vitals.new';

/** What the patient measured at home and tells during the visit. */
export function VitalsEditor({ vitals, typed, errors, onChange }: VitalsEditorProps) {
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
              onClick={() => onChange({ vitals: vitals.filter(({ code }) => code !== each.code) })}
            />
          </li>
        ))}
      </ul>
      {choices.length > 0 && (
        <NewVital
          choices={choices}
          typed={typed}
          error={errors[NEW_VITAL]}
          onType={(now) => onChange({ typed: now })}
          onAdd={(vital, now) => onChange({ vitals: [...vitals, vital], typed: now })}
        />
      )}
    </>
  );
}

interface NewVitalProps {
  choices: readonly Measurement[];
  typed: Content['typed'];
  error: ReactNode;
  onType: (typed: Content['typed']) => void;
  onAdd: (vital: Vital, typed: Content['typed']) => void;
}

function NewVital({ choices, typed, error, onType, onAdd }: NewVitalProps) {
  const t = useTranslations('chart.note');
  const name = useMeasurementName();
  const locale = useCurrentLocale();
  const [code, setCode] = useState(() => vitalTyped(typed) ?? '');
  // What an earlier page left on this device comes a moment later.
  const begun = vitalTyped(typed) ?? code;
  const chosen = choices.find((each) => each.code === begun) ?? choices[0];
  if (!chosen) return null;
  const text = typed[vitalField(chosen.code)] ?? '';
  const others = withTyped(typed, vitalField(chosen.code), '');

  // Read anew when another measurement is chosen: the same digits may be right in one unit and not in another.
  const value = readMeasure(text, chosen, locale);
  const add = () => {
    if (typeof value !== 'number') return;
    onAdd({ code: chosen.code, value, unit: chosen.unit }, others);
    setCode('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    add();
  };
  return (
    <div className={classes.measure}>
      <NativeSelect
        aria-label={t('vitalKind')}
        value={chosen.code}
        data={choices.map((each) => ({ value: each.code, label: name(each) ?? each.code }))}
        onChange={({ currentTarget }) => {
          setCode(currentTarget.value);
          onType(withTyped(others, vitalField(currentTarget.value), text));
        }}
      />
      <ReadField
        aria-label={t('vitalValue', { name: name(chosen) ?? '' })}
        inputMode="decimal"
        value={value}
        onChange={(_value, now) => {
          setCode(chosen.code);
          onType(withTyped(typed, vitalField(chosen.code), now));
        }}
        read={(now) => readMeasure(now, chosen, locale)}
        write={(kept) => written(shown(kept, chosen.unit))}
        unit={unitName(chosen.unit)}
        error={error}
        understood={(kept) => bothUnits(kept, chosen.unit)}
        onKeyDown={onKeyDown}
      />
      <Button variant="default" disabled={typeof value !== 'number'} onClick={add}>
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
