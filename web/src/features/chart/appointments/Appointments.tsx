import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useLive } from '@/lib/live/useLive';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { StatusBadge, type Tone } from '@/ui/marks/StatusBadge';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import classes from './Appointments.module.css';

type Appointment = components['schemas']['AppointmentOut'];
type Step = Appointment['history'][number];

const TONES: Readonly<Record<Appointment['status'], Tone>> = {
  booked: 'active',
  arrived: 'active',
  fulfilled: 'done',
  cancelled: 'done',
  noshow: 'attention',
};

/** The times that were booked, and for each who booked, moved and called it off, and when. */
export default function Appointments({ patientId }: { patientId: string }) {
  const t = useTranslations('chart/appointments');
  const query = useQuery({
    queryKey: ['patient', patientId, 'appointments'],
    queryFn: () =>
      take(
        api.GET('/api/patients/{patient_id}/appointments', {
          params: { path: { patient_id: patientId } },
        }),
      ),
  });
  // Of the whole clinic's visits only these: each fetch is a look at the chart.
  useLive('visit.changed', ({ ids }) => {
    if (query.data?.some(({ visit_id }) => visit_id === ids.visit_id)) void query.refetch();
  });
  return (
    <Section title={t('heading')}>
      <QueryState
        of={query}
        empty={{ when: (found) => found.length === 0, show: <Text>{t('none')}</Text> }}
      >
        {(found) => (
          <Rows label={t('heading')}>
            {found.map((each) => (
              <Booked key={each.id} appointment={each} />
            ))}
          </Rows>
        )}
      </QueryState>
    </Section>
  );
}

function Booked({ appointment: { status, history } }: { appointment: Appointment }) {
  const t = useTranslations('chart/appointments');
  const times = useTimes();
  const now = history.at(-1);
  return (
    <Row
      title={
        <span className={classes.title}>
          <span>
            {now?.starts_at ? times.dateTime(now.starts_at) : t('timeUnknown')}
            {now?.clinician && ` · ${now.clinician}`}
          </span>
          <StatusBadge tone={TONES[status]}>{t(`status.${status}`)}</StatusBadge>
        </span>
      }
      detail={
        <ol className={classes.history} aria-label={t('history')}>
          {history.map((step) => (
            <li key={`${step.kind} ${step.at}`}>
              <StepLine step={step} />
            </li>
          ))}
        </ol>
      }
    />
  );
}

function StepLine({ step }: { step: Step }) {
  const t = useTranslations('chart/appointments');
  const times = useTimes();
  const { kind, at, by, starts_at, clinician } = step;
  return (
    <>
      {t(`step.${kind}`, { by: by ?? t('system'), at: times.dateTime(at) })}
      {(kind === 'booked' || kind === 'moved') &&
        starts_at &&
        ` ${t(`for.${kind}`, { time: times.dateTime(starts_at), clinician: clinician ?? '' })}`}
    </>
  );
}
