import { useTranslations } from 'use-intl';
import { readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import classes from './Waiting.module.css';

/** Always in sight: what to do when it gets worse. */
export function EmergencyLine() {
  const t = useTranslations('visits.waiting');
  const { clinic } = usePerson();
  return (
    <p className={classes.emergency}>
      {t.rich('emergency', {
        number: readablePhone(clinic.emergency_number),
        call: (words) => <a href={`tel:${clinic.emergency_number}`}>{words}</a>,
      })}
    </p>
  );
}
