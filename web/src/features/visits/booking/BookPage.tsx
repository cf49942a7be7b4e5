import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useErrorText } from '@/lib/errors/useErrorText';
import { Page } from '@/ui/Page';
import { Section } from '@/ui/Section';
import { type OpenSlot, REASONS } from '../model';
import classes from './Booking.module.css';
import { ChosenTime } from './ChosenTime';
import { SlotPicker } from './SlotPicker';

/** Books a visit: what for, when, and one press to confirm. The questions come afterwards. */
export default function BookPage() {
  const t = useTranslations('visits.book');
  const navigate = useNavigate();
  const [reason, setReason] = useState<string | null>(null);
  const [chosen, setChosen] = useState<{ slot: OpenSlot; clinician: string } | null>(null);
  const book = useAction({
    run: (body: { reason_code: string; clinician_id: string; starts_at: string }, init) =>
      take(api.POST('/api/bookings', { body, ...init })),
    invalidates: [['visits'], ['slots']],
    onDone: (visit) =>
      navigate({ to: '/visit/$visitId/intake', params: { visitId: visit.id }, replace: true }),
  });
  const reasonProblem = book.error?.fields.find(({ path }) => path === 'reason_code');
  return (
    <Page title={t('title')} tabTitle={t('tab')} lead={t('lead')}>
      <Section title={t('why')}>
        <Reasons chosen={reason} onChoose={setReason} problem={reasonProblem?.code} />
      </Section>
      <Section title={t('when')}>
        <SlotPicker
          chosen={chosen?.slot ?? null}
          onChoose={(slot, clinician) => setChosen({ slot, clinician })}
        />
      </Section>
      {chosen && (
        <ChosenTime slot={chosen.slot} clinician={chosen.clinician} problem={book.error}>
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
    </Page>
  );
}

interface ReasonsProps {
  chosen: string | null;
  onChoose: (reason: string) => void;
  problem: string | undefined;
}

function Reasons({ chosen, onChoose, problem }: ReasonsProps) {
  const t = useTranslations('visits.book');
  const reasonText = useTranslations('reasons');
  const errorText = useErrorText();
  return (
    <fieldset className={classes.reasons} aria-describedby={problem ? 'reason-problem' : undefined}>
      <legend className="visually-hidden">{t('why')}</legend>
      {REASONS.map((code) => (
        <label key={code} className={classes.reason}>
          <input
            type="radio"
            name="reason"
            value={code}
            checked={chosen === code}
            onChange={() => onChoose(code)}
          />
          {reasonText(code)}
        </label>
      ))}
      {problem && (
        <p id="reason-problem" role="alert" className={classes.problem}>
          {errorText(problem)}
        </p>
      )}
    </fieldset>
  );
}
