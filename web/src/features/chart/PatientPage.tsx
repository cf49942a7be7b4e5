import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { readablePhone } from '@/lib/phone';
import { useParam } from '@/lib/routing/useParam';
import { usePerson } from '@/lib/session/session';
import { age, plainDate } from '@/lib/time/useTimes';
import { Page } from '@/ui/Page';
import { PageState } from '@/ui/PageState';
import { type ChartSummary, summaryQuery } from './queries';
import { Measurements } from './summary/Measurements';
import { Allergies, Medicines, Prescriptions, Problems } from './summary/PatientSummary';
import classes from './summary/Summary.module.css';
import { VisitLines } from './summary/VisitLines';
import { VisitNote } from './summary/VisitNote';

/** One patient's whole chart on one page. */
export default function PatientPage() {
  const patientId = useParam('patientId');
  const summary = useQuery(summaryQuery(patientId));
  useLiveQueries({
    'chart.changed': ['patient', patientId],
    'note.signed': ['patient', patientId],
    'prescription.changed': ['patient', patientId],
  });
  return <PageState of={summary}>{(found) => <Chart summary={found} />}</PageState>;
}

function Chart({ summary }: { summary: ChartSummary }) {
  const t = useTranslations('chart.patients');
  const locale = useCurrentLocale();
  const editable = usePerson().roles.includes('clinician');
  const [visit, setVisit] = useState<string | null>(null);
  const { patient } = summary;
  const part = { summary, editable, visitId: null };
  return (
    <Page
      title={`${patient.given} ${patient.family}`}
      tabTitle={t('chart')}
      width="wide"
      lead={[
        t('line', {
          born: plainDate(patient.birth_date, locale),
          age: age(patient.birth_date),
          sex: t(`sex.${patient.sex}`),
          mrn: patient.mrn,
        }),
        patient.phone && readablePhone(patient.phone),
        patient.email,
      ]
        .filter(Boolean)
        .join(' · ')}
    >
      <div className={classes.columns}>
        <div className={`${classes.card} ${classes.summary}`}>
          <Allergies {...part} />
          <Medicines {...part} />
          <Problems {...part} />
          <Prescriptions summary={summary} />
        </div>
        <div className={`${classes.card} ${classes.summary}`}>
          <VisitLines visits={summary.visits} onOpen={setVisit} />
          <Measurements {...part} />
        </div>
      </div>
      {visit && <VisitNote visitId={visit} onClose={() => setVisit(null)} />}
    </Page>
  );
}
