import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import type { Visit } from '../model';
import classes from './Waiting.module.css';

/** Which adult is with the child, and the way to say that it is another one by now. */
export default function AdultThere({ visit }: { visit: Visit }) {
  const t = useTranslations('profile/relations.there');
  const relationship = useTranslations('profile/relations.relationship');
  if (!visit.adult) return null;
  const { name, relationship: as } = visit.adult;
  return (
    <p className={classes.quiet}>
      {t('with', { name, as: relationship(as) })}{' '}
      <Link to="/visit/$visitId/adult" params={{ visitId: visit.id }}>
        {t('change')}
      </Link>
    </p>
  );
}
