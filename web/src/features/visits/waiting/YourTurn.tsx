import { IconVideo } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { LinkButton } from '@/ui/links/LinkButton';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { Initials } from '@/ui/person/PersonName';
import type { Visit } from '../model';
import { EmergencyLine } from './EmergencyLine';
import classes from './Waiting.module.css';

/** The clinician has opened the door: one thing to do. */
export function YourTurn({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.turn');
  usePageTitle(t('tab'));
  const name = visit.clinician?.name ?? t('someone');
  return (
    <div className={classes.turn}>
      <Initials name={name} size={88} />
      <div role="alert">
        <h1 className={classes.turnTitle} tabIndex={-1} data-page-heading>
          {t('title', { name })}
        </h1>
      </div>
      <p className={classes.quiet}>{t('lead')}</p>
      <LinkButton
        to="/visit/$visitId/call"
        params={{ visitId: visit.id }}
        size="lg"
        autoFocus
        className={classes.join}
        leftSection={<IconVideo aria-hidden />}
      >
        {t('join')}
      </LinkButton>
      <p className={classes.quiet}>{t('next')}</p>
      <EmergencyLine visit={visit} />
    </div>
  );
}
