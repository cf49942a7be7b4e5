import { useQuery } from '@tanstack/react-query';
import { Marks } from '@/ui/person/Marks';
import { SameName } from '@/ui/person/SameName';
import { type ChartSummary, namesakesQuery } from '../queries';
import classes from './Strip.module.css';
import { useGenderMarks } from './useGenderMarks';

interface IdentityProps {
  patient: ChartSummary['patient'];
  heading?: boolean;
}

/** A patient beyond doubt: full name, birth date, age, record number, sex, pronouns, and who else has the name. */
export function Identity({ patient, heading = false }: IdentityProps) {
  const gender = useGenderMarks();
  const others = useQuery(namesakesQuery(patient.id)).data?.others ?? 0;
  const name = patient.name;
  return (
    <div className={classes.who}>
      {heading ? (
        <h1 className={classes.name} tabIndex={-1} data-page-heading>
          {name}
        </h1>
      ) : (
        <strong className={classes.name}>{name}</strong>
      )}
      <span className={classes.marks}>
        <Marks of={patient} more={gender(patient)} />
      </span>
      {others > 0 && <SameName others={others} />}
    </div>
  );
}
