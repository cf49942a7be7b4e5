import { useTranslations } from 'use-intl';
import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import classes from '../conversation/Conversation.module.css';

/** Messages are not for emergencies, said where they are written. */
export function UrgentHint() {
  const t = useTranslations('messaging');
  const { clinic } = usePerson();
  return t.rich('urgent', {
    number: readablePhone(clinic.emergency_number),
    call: (text) => (
      <a href={dialLink(clinic.emergency_number)} className={classes.urgent}>
        {text}
      </a>
    ),
  });
}
