import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { type Check, useForm } from '@/lib/errors/useForm';
import { ASKED_FIRST, useMeasurementName } from '../note/VitalsEditor';
import { type Measurement, measurementsQuery } from '../queries';
import { shown, stored, unitName } from '../units';
import { DIASTOLIC, SYSTOLIC } from './bloodPressure';
import classes from './Summary.module.css';

type Vital = components['schemas']['VitalIn'];
type Value = number | '';

interface AddVitalProps {
  visitId: string | null;
  onAdd: (vital: Vital) => Promise<unknown>;
  close: () => void;
}

/** A vital sign in the units that the clinic reads; the two numbers of a blood pressure go together. */
export function AddVital({ visitId, onAdd, close }: AddVitalProps) {
  const t = useTranslations('chart.vitals');
  const actions = useTranslations('actions');
  const name = useMeasurementName();
  const known = useQuery(measurementsQuery).data ?? [];
  const term = (code: string) => known.find((each) => each.code === code);
  const kinds = ASKED_FIRST.filter((code) => code !== DIASTOLIC).flatMap((code) => {
    const found = term(code);
    return found ? [found] : [];
  });
  const form = useForm({
    initialValues: { code: SYSTOLIC, value: '' as Value, second: '' as Value, taken_at: '' },
    checks: ({ code, value, second, taken_at }) => ({
      value: outside(value, term(code)),
      second: code === SYSTOLIC && outside(second, term(DIASTOLIC)),
      taken_at: taken_at !== '' && Date.parse(taken_at) > Date.now() && 'in_the_future',
    }),
    submit: async ({ code, value, second, taken_at }) => {
      const more = {
        visit_id: visitId,
        patient_reported: true,
        ...(taken_at && { taken_at: new Date(taken_at).toISOString() }),
      };
      const measured = [[code, value] as const, [DIASTOLIC, second] as const];
      for (const [each, number] of code === SYSTOLIC ? measured : measured.slice(0, 1)) {
        await onAdd({ code: each, value: stored(Number(number), term(each)?.unit ?? ''), ...more });
      }
      close();
    },
  });
  const chosen = term(form.values.code);
  const suffix = chosen && unitName(chosen.unit) ? ` ${unitName(chosen.unit)}` : '';
  const pressure = form.values.code === SYSTOLIC;
  return (
    <form {...form.props} onKeyDown={(event) => event.key === 'Escape' && close()}>
      <div className={classes.vital}>
        <NativeSelect
          label={t('kind')}
          data={kinds.map((each) => ({
            value: each.code,
            label: each.code === SYSTOLIC ? t('bloodPressure') : (name(each) ?? each.code),
          }))}
          {...form.field('code')}
        />
        <NumberInput
          autoFocus
          hideControls
          decimalScale={1}
          suffix={suffix}
          label={pressure ? t('systolic') : t('value')}
          description={range(chosen, t)}
          {...form.field('value')}
        />
        {pressure && (
          <NumberInput
            hideControls
            decimalScale={0}
            suffix={suffix}
            label={t('diastolic')}
            description={range(term(DIASTOLIC), t)}
            {...form.field('second')}
          />
        )}
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

/** What is wrong with a value, in the units in which it was typed. */
function outside(value: Value, term: Measurement | undefined): Check {
  if (value === '') return 'required';
  if (!term) return null;
  const { low, high } = bounds(term);
  return (value < low || value > high) && { code: 'between', params: { low, high } };
}

function range(term: Measurement | undefined, t: ReturnType<typeof useTranslations>) {
  return term && t('range', bounds(term));
}
