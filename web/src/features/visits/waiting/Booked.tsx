import { IconCalendarEvent } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { BothZones } from '../booking/BothZones';
import type { Waiting } from '../model';
import { Leaving } from './Leaving';
import { LocationLine } from './LocationLine';
import { GettingReady } from './ready/GettingReady';
import classes from './Waiting.module.css';

/** All is answered, but the booked time is not near yet. The page checks in by itself when it is. */
export default function Booked({ waiting, children }: { waiting: Waiting; children: ReactNode }) {
  const { visit } = waiting;
  const t = useTranslations('visits.booked');
  const times = useTimes();
  if (!visit.slot || !visit.check_in_opens_at) return null;
  return (
    <Page title={t('title')} tabTitle={t('tab')}>
      <section className={classes.place}>
        <IconCalendarEvent size={28} aria-hidden className={classes.placeIcon} />
        <p className={classes.position}>{times.weekday(visit.slot.starts_at)}</p>
        <p className={classes.minutes}>
          <BothZones at={visit.slot.starts_at} zone={visit.clinic_location?.time_zone} />
        </p>
        <p className={classes.estimate}>
          {visit.clinician && t('with', { name: visit.clinician.name })}
        </p>
        {visit.clinic_location && <LocationLine location={visit.clinic_location} />}
      </section>
      <p>{t('comeBack', { time: times.timeWithZone(visit.check_in_opens_at) })}</p>
      <div className={classes.buttons}>
        <LinkButton
          to="/visit/$visitId/reschedule"
          params={{ visitId: visit.id }}
          variant="default"
        >
          {t('reschedule')}
        </LinkButton>
      </div>
      <GettingReady waiting={waiting} />
      {children}
      <Leaving visit={visit} />
    </Page>
  );
}
