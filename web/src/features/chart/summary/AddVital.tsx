import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import type { Check } from '@/lib/errors/useForm';
import { onEscape } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { isUnread, type Typed, written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import { ASKED_FIRST, useMeasurementName } from '../note/editor/VitalsEditor';
import { type Measurement, measurementsQuery } from '../queries';
import { bothUnits, readMeasure, shown, unitName } from '../units';
import { DIASTOLIC, SYSTOLIC } from './bloodPressure';
import classes from './Summary.module.css';

type Vital = components['schemas']['VitalIn'];

interface AddVitalProps {
  patientId: string;
  visitId: string | null;
  onAdd: (vital: Vital) => Promise<unknown>;
  close: () => void;
}

/** A vital sign in the units that the clinic reads; the two numbers of a blood pressure go together. */
export function AddVital({ patientId, visitId, onAdd, close }: AddVitalProps) {
  const t = useTranslations('chart.vitals');
  const actions = useTranslations('actions');
  const name = useMeasurementName();
  const known = useQuery(measurementsQuery).data ?? [];
  const term = (code: string) => known.find((each) => each.code === code);
  const kinds = ASKED_FIRST.filter((code) => code !== DIASTOLIC).flatMap((code) => {
    const found = term(code);
    return found ? [found] : [];
  });
  const locale = useCurrentLocale();
  const read = (text: string, code: string | undefined): Typed => {
    const of = code === undefined ? undefined : term(code);
    return of ? readMeasure(text, of, locale) : null;
  };
  const form = useKeptForm(`vital.${patientId}`, {
    initialValues: { code: SYSTOLIC, value: '', second: '', taken_at: '' },
    checks: ({ code, value, second, taken_at }) => ({
      value: wrong(read(value, code)),
      second: code === SYSTOLIC && wrong(read(second, DIASTOLIC)),
      taken_at: taken_at !== '' && Date.parse(taken_at) > Date.now() && 'in_the_future',
    }),
    submit: async ({ code, value, second, taken_at }) => {
      const more = {
        visit_id: visitId,
        patient_reported: true,
        ...(taken_at && { taken_at: new Date(taken_at).toISOString() }),
      };
      const measured = [[code, value] as const, [DIASTOLIC, second] as const];
      for (const [each, text] of code === SYSTOLIC ? measured : measured.slice(0, 1)) {
        const number = read(text, each);
        if (typeof number === 'number') await onAdd({ code: each, value: number, ...more });
      }
      close();
    },
  });
  const chosen = term(form.values.code);
  const pressure = form.values.code === SYSTOLIC;
  /** The text is kept as it was typed, and read in the unit of what is chosen now. */
  const measure = (
    path: 'value' | 'second',
    of: Measurement | undefined,
    label: string,
    autoFocus = false,
  ) => (
    <ReadField
      {...form.field(path)}
      autoFocus={autoFocus}
      inputMode="decimal"
      label={label}
      description={of && t('range', bounds(of))}
      unit={unitName(of?.unit ?? null)}
      value={read(form.values[path], of?.code)}
      onChange={(_value, text) => form.set(path, text)}
      read={(text) => read(text, of?.code)}
      write={(kept) => written(shown(kept, of?.unit ?? null))}
      understood={(kept) => of && bothUnits(kept, of.unit)}
    />
  );
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <div className={classes.vital}>
        <NativeSelect
          label={t('kind')}
          data={kinds.map((each) => ({
            value: each.code,
            label: each.code === SYSTOLIC ? t('bloodPressure') : (name(each) ?? each.code),
          }))}
          {...form.field('code')}
        />
        {measure('value', chosen, pressure ? t('systolic') : t('value'), true)}
        {pressure && measure('second', term(DIASTOLIC), t('diastolic'))}
        <TextInput
          type="datetime-local"
          label={t('takenAt')}
          description={t('takenAtHint')}
          {...form.field('taken_at')}
        />
      </div>
      <FormProblem of={form.problem} />
      <div className={classes.buttons}>
        <Button type="submit" loading={form.sending} disabled={known.length === 0}>
          {t('add')}
        </Button>
        <Button variant="default" onClick={close}>
          {actions('cancel')}
        </Button>
      </div>
    </form>
  );
}

const bounds = ({ low, high, unit }: Measurement) => ({
  low: shown(low, unit),
  high: shown(high, unit),
});

function wrong(value: Typed): Check {
  if (value === null) return 'required';
  return isUnread(value) && { code: value.code, params: value.params ?? {} };
}
