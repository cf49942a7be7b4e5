import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import classes from './ForWhom.module.css';

/** Says for whom one is here, to whoever may act for somebody else: on every page, so that nobody takes one for another. */
export function ForWhom({ children }: { children?: ReactNode }) {
  const t = useTranslations('shell.whoFor');
  const person = usePerson();
  if (!person.relationship && person.patients.length < 2) return null;
  const name = person.patient_name ?? person.name;
  return (
    <div className={classes.strip} data-other={Boolean(person.relationship)}>
      <span>
        {t.rich(person.relationship ? 'hereFor' : 'hereForOneself', {
          name,
          strong: (words) => <strong>{words}</strong>,
        })}
      </span>
      {children}
    </div>
  );
}
