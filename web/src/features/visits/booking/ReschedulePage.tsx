import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useParam } from '@/lib/routing/useParam';
import { useTimes } from '@/lib/time/useTimes';
import { Page } from '@/ui/page/Page';
import { pathOf, visitQuery } from '../model';
import { ChosenTime } from './ChosenTime';
import { EarlierTimes } from './EarlierTimes';
import { type Chosen, SlotPicker } from './SlotPicker';

/** Moves a booked visit to another time. The old time is kept until the new one is certain. */
export default function ReschedulePage() {
  const t = useTranslations('visits/booking.reschedule');
  const visitId = useParam('visitId');
  const navigate = useNavigate();
  const times = useTimes();
  const { data: visit } = useQuery(visitQuery(visitId));
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const move = useAction({
    run: (body: { clinician_id: string; starts_at: string }, init) =>
      take(api.PUT('/api/visits/{visit_id}/booking', { ...pathOf(visitId), body, ...init })),
    invalidates: [['visits'], ['slots']],
    onDone: () => navigate({ to: '/visit/$visitId/waiting', params: { visitId }, replace: true }),
  });
  const now = visit?.slot && times.weekday(visit.slot.starts_at);
  const at = visit?.slot && times.timeWithZone(visit.slot.starts_at);
  return (
    <Page
      title={t('title')}
      tabTitle={t('tab')}
      lead={now && at && t('lead', { day: now, time: at })}
    >
      <SlotPicker
        reason={visit?.reason_code ?? null}
        chosen={chosen?.slot ?? null}
        onChoose={setChosen}
      />
      {chosen && (
        <ChosenTime {...chosen} problem={move.error}>
          <Button
            size="lg"
            loading={move.isPending}
            onClick={() =>
              move.mutate({
                clinician_id: chosen.slot.clinician_id,
                starts_at: chosen.slot.starts_at,
              })
            }
          >
            {t('confirm')}
          </Button>
        </ChosenTime>
      )}
      <EarlierTimes visitId={visitId} />
    </Page>
  );
}
