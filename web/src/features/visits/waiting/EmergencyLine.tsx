import { useTranslations } from 'use-intl';
import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import type { Visit } from '../model';
import classes from './Waiting.module.css';

/** Always in sight: what to do when it gets worse, where the patient is now. */
export function EmergencyLine({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.waiting');
  const { clinic } = usePerson();
  const number = visit.emergency_number ?? clinic.emergency_number;
  return (
    <p className={classes.emergency}>
      {t.rich('emergency', {
        number: readablePhone(number),
        call: (words) => <a href={dialLink(number)}>{words}</a>,
      })}
    </p>
  );
}
