import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useErrorText } from '@/lib/errors/useErrorText';
import { useTimes } from '@/lib/time/useTimes';
import classes from './Booking.module.css';
import { BothZones } from './BothZones';
import type { Chosen } from './SlotPicker';

interface ChosenTimeProps extends Chosen {
  /** Where staff book for a patient: the patient's zone, if it is known. */
  theirZone?: string | null;
  problem: ApiProblem | null;
  children: ReactNode;
}

/** The time that was picked, in words, with what is wrong with it and the button to take it. */
export function ChosenTime(props: ChosenTimeProps) {
  const { slot, clinician, place, theirZone, problem, children } = props;
  const t = useTranslations('visits/booking.book');
  const errorText = useErrorText();
  const times = useTimes();
  const theirs = useTimes(theirZone ?? undefined).timeWithZone(slot.starts_at);
  const wrong = problem?.fields.find(({ path }) => path === 'starts_at');
  return (
    <section className={classes.chosen} aria-live="polite">
      <p className={classes.chosenTime}>
        {times.weekday(slot.starts_at)}, <BothZones at={slot.starts_at} zone={place?.time_zone} />
      </p>
      <p className={classes.zone}>
        {place
          ? t('withAt', { name: clinician, place: place.name })
          : t('with', { name: clinician })}
      </p>
      {theirs !== times.timeWithZone(slot.starts_at) && (
        <p className={classes.zone}>{t('theirTime', { time: theirs })}</p>
      )}
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
