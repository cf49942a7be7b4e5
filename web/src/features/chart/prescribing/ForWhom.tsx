import { useQuery } from '@tanstack/react-query';
import { summaryQuery } from '../queries';
import { Identity } from '../strip/Identity';
import classes from './Prescribing.module.css';

/** What is signed and for whom, beside the button that signs it: the heading is far above it by then. */
export function ForWhom({ drug, patientId }: { drug: string; patientId: string }) {
  const patient = useQuery(summaryQuery(patientId)).data?.patient;
  return (
    <div className={classes.forWhom}>
      <strong>{drug}</strong>
      {patient && <Identity patient={patient} />}
    </div>
  );
}
