import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useErrorText } from '@/lib/errors/useErrorText';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useVisitTypes } from '@/lib/visitTypes';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import classes from './Booking.module.css';
import { ChosenTime } from './ChosenTime';
import { type Chosen, SlotPicker } from './SlotPicker';

interface BookingProps {
  /** For whom staff book; a patient books for themselves. */
  patient?: { id: string; timeZone: string | null };
  onBooked: (visitId: string) => void | Promise<void>;
}

/** What for, when, and one press to confirm. */
export function Booking({ patient, onBooked }: BookingProps) {
  const t = useTranslations('visits/booking.book');
  const [reason, setReason] = useState<string | null>(null);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const book = useAction({
    run: (body: { reason_code: string; clinician_id: string; starts_at: string }, init) =>
      take(
        api.POST('/api/bookings', {
          body: { ...body, ...(patient && { patient_id: patient.id }) },
          ...init,
        }),
      ),
    invalidates: [['visits'], ['slots'], ...(patient ? [['patient', patient.id]] : [])],
    onDone: (visit) => onBooked(visit.id),
  });
  // Another visit type has other times: who offers it and how long it takes may differ.
  const choose = (code: string) => {
    setReason(code);
    setChosen(null);
  };
  const reasonProblem = book.error?.fields.find(({ path }) => path === 'reason_code');
  return (
    <>
      <Section title={t('why')}>
        <Reasons
          patientId={patient?.id}
          chosen={reason}
          onChoose={choose}
          problem={reasonProblem?.code}
        />
      </Section>
      <Section title={t('when')}>
        <SlotPicker reason={reason} chosen={chosen?.slot ?? null} onChoose={setChosen} />
      </Section>
      {chosen && (
        <ChosenTime {...chosen} theirZone={patient?.timeZone ?? null} problem={book.error}>
          {reason === null && <p className={classes.zone}>{t('whyFirst')}</p>}
          <Button
            size="lg"
            disabled={reason === null}
            loading={book.isPending}
            onClick={() =>
              reason &&
              book.mutate({
                reason_code: reason,
                clinician_id: chosen.slot.clinician_id,
                starts_at: chosen.slot.starts_at,
              })
            }
          >
            {t('confirm')}
          </Button>
        </ChosenTime>
      )}
    </>
  );
}

interface ReasonsProps {
  patientId: string | undefined;
  chosen: string | null;
  onChoose: (reason: string) => void;
  problem: string | undefined;
}

function Reasons({ patientId, chosen, onChoose, problem }: ReasonsProps) {
  const t = useTranslations('visits/booking.book');
  const locale = useCurrentLocale();
  const errorText = useErrorText();
  const query = useVisitTypes(patientId);
  return (
    <fieldset className={classes.reasons} aria-describedby={problem ? 'reason-problem' : undefined}>
      <legend className="visually-hidden">{t('why')}</legend>
      <QueryState of={query}>
        {(types) =>
          types
            .filter(({ offered }) => offered)
            .map(({ code, title, minutes }) => (
              <label key={code} className={classes.reason}>
                <input
                  type="radio"
                  name="reason"
                  value={code}
                  checked={chosen === code}
                  onChange={() => onChoose(code)}
                />
                {minutes ? t('withLength', { title: title[locale], minutes }) : title[locale]}
              </label>
            ))
        }
      </QueryState>
      {problem && (
        <p id="reason-problem" role="alert" className={classes.problem}>
          {errorText(problem)}
        </p>
      )}
    </fieldset>
  );
}
