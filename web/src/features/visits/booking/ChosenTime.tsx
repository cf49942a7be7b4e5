import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { useTimes } from '@/lib/time/useTimes';
import type { OpenSlot } from '../model';
import classes from './Booking.module.css';
import { BothZones } from './BothZones';

interface ChosenTimeProps {
  slot: OpenSlot;
  clinician: string;
  problem: ApiProblem | null;
  children: ReactNode;
}

/** The time that was picked, in words, with what is wrong with it and the button to take it. */
export function ChosenTime({ slot, clinician, problem, children }: ChosenTimeProps) {
  const t = useTranslations('visits.book');
  const errorText = useErrorText();
  const times = useTimes();
  const wrong = problem?.fields.find(({ path }) => path === 'starts_at');
  return (
    <section className={classes.chosen} aria-live="polite">
      <p className={classes.chosenTime}>
        {times.weekday(slot.starts_at)}, <BothZones at={slot.starts_at} />
      </p>
      <p className={classes.zone}>{t('with', { name: clinician })}</p>
      {wrong && (
        <p role="alert" className={classes.problem}>
          {errorText(wrong.code)}
        </p>
      )}
      <FormProblem of={problem && problem.fields.length === 0 ? problem : null} />
      {children}
    </section>
  );
}
