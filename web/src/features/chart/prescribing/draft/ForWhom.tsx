import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useStepUpFor } from '@/lib/session/stepUp/stepUpFor';
import { summaryQuery } from '../../queries';
import { Identity } from '../../strip/Identity';
import { type Draft, type SigWords, useWords } from '../model';
import classes from '../Prescribing.module.css';

interface ForWhomProps {
  draft: Draft;
  words: SigWords;
  /** What the server has kept is what is on screen. */
  settled: boolean;
  patientId: string;
}

/** What is signed and for whom, beside the button that signs it: the fields are far above it by then. */
export function ForWhom({ draft, words, settled, patientId }: ForWhomProps) {
  const t = useTranslations('chart/prescribing.draft');
  const say = useWords();
  const patient = useQuery(summaryQuery(patientId)).data?.patient;
  const { drug, line } = draft;
  const name = patient ? patient.name : '';
  useStepUpFor(t('stepUpFor', { medicine: `${drug.name} ${drug.strength}`, name }));
  const unit = words.dispensed.find(({ key }) => key === line.unit);
  return (
    <div className={classes.forWhom}>
      {patient && <Identity patient={patient} />}
      <strong>
        {drug.name} {drug.strength} {say(drug.label)}
      </strong>
      {settled && (
        <span className={classes.quiet}>
          {say(line.sig_text)}{' '}
          {t('amount', {
            quantity: line.quantity,
            unit: unit ? say(unit.text) : line.unit,
            refills: line.refills,
          })}
          {line.pharmacy && ` · ${line.pharmacy.name}`}
        </span>
      )}
    </div>
  );
}
