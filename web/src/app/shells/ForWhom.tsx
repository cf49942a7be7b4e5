import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import classes from './ForWhom.module.css';

/** Says for whom one is here, so that nobody takes one for another. */
export function ForWhom({ children }: { children?: ReactNode }) {
  const t = useTranslations('profile/relations.whoFor');
  const person = usePerson();
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
