import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { ContactsPanel, IdentifiersPanel } from '@/lib/directory/panels';
import { usePerson } from '@/lib/session/session';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { AccountPanel } from './account/AccountPanel';
import { AppointmentsPanel } from './appointments/AppointmentsPanel';
import { InErrorList } from './history/InErrorList';
import type { ChartSummary } from './queries';
import { RelatedPanel } from './related/RelatedPanel';
import { Restriction } from './restriction/Restriction';
import { Sections } from './sections/Sections';
import { PatientFrame } from './strip/PatientFrame';
import { Measurements } from './summary/Measurements';
import { PatientActions } from './summary/PatientActions';
import { Allergies, Medicines, Prescriptions, Problems } from './summary/PatientSummary';
import classes from './summary/Summary.module.css';
import { VisitLines } from './summary/VisitLines';
import { VisitNote } from './summary/VisitNote';

/** One patient's whole chart on one page, and what one can do for them. */
export default function PatientPage() {
  const t = useTranslations('chart.patients');
  usePageTitle(t('chart'));
  return <PatientFrame heading>{(found) => <Chart summary={found} />}</PatientFrame>;
}

function Chart({ summary }: { summary: ChartSummary }) {
  const editable = usePerson().roles.includes('clinician');
  const [visit, setVisit] = useState<string | null>(null);
  const part = { summary, editable, visitId: null };
  return (
    <div className={classes.page}>
      <PatientActions patient={summary.patient} />
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
        <div className={`${classes.card} ${classes.whole}`}>
          <Sections patientId={summary.patient.id} editable={editable} visitId={null} />
        </div>
        <div className={`${classes.card} ${classes.whole}`}>
          <InErrorList patientId={summary.patient.id} editable={editable} />
        </div>
      </div>
      <AppointmentsPanel patientId={summary.patient.id} />
      <ContactsPanel patientId={summary.patient.id} />
      <IdentifiersPanel patientId={summary.patient.id} />
      <Restriction patientId={summary.patient.id} />
      <RelatedPanel patientId={summary.patient.id} />
      <AccountPanel patientId={summary.patient.id} />
      {visit && <VisitNote visitId={visit} onClose={() => setVisit(null)} />}
    </div>
  );
}
