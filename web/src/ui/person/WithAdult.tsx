import { IconUsers } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { components } from '@/lib/api/schema';
import { dialLink, readablePhone } from '@/lib/phone';
import classes from './WithAdult.module.css';

interface WithAdultProps {
  adult: components['schemas']['AdultOut'];
  /** A number that stands beside this already. */
  shown?: string | null;
}

/** Which adult is with a child, for the clinic: who, what to the child, and how to call them. */
export function WithAdult({ adult, shown }: WithAdultProps) {
  const t = useTranslations('profile/relations.adult');
  const relationship = useTranslations('profile/relations.relationship');
  const { name, phone, verified } = adult;
  const as = relationship(adult.relationship);
  return (
    <span className={classes.adult}>
      <IconUsers size={15} aria-hidden />
      <span>{t(verified ? 'verified' : 'named', { name, as })}</span>
      {phone && phone !== shown && <a href={dialLink(phone)}>{readablePhone(phone)}</a>}
    </span>
  );
}
