import { useTranslations } from 'use-intl';
import { isPatient, usePerson } from '@/lib/session/session';
import { VISIT_SUBJECT } from './queries';

/** A thread's subject; a visit's own thread is named in the reader's language. */
export function useSubject(): (subject: string) => string {
  const t = useTranslations('messaging');
  const own = isPatient(usePerson()) ? 'visitSubject' : 'visitSubjectClinic';
  return (subject) => (subject === VISIT_SUBJECT ? t(own) : subject);
}
