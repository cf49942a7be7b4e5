import { Alert } from '@mantine/core';
import { IconClockPause, IconDeviceMobile } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { Page } from '@/ui/page/Page';
import type { Waiting } from '../model';
import { EmergencyLine } from './EmergencyLine';
import { Estimate } from './Estimate';
import { Leaving } from './Leaving';
import { GettingReady } from './ready/GettingReady';
import { VisitThread } from './VisitThread';
import classes from './Waiting.module.css';

/** In the line: the place, the honest estimate, and what happens next. */
export function InLine({ waiting, children }: { waiting: Waiting; children: ReactNode }) {
  const t = useTranslations('visits.waiting');
  const { visit, running_late: late } = waiting;
  const times = useTimes();
  const ahead = waiting.ahead ?? 0;
  return (
    <Page title={t('title')} tabTitle={t('tab')}>
      <section className={classes.place} aria-live="polite" aria-atomic="true">
        <p className={classes.position}>{t('ahead', { count: ahead })}</p>
        <Estimate waiting={waiting} />
      </section>
      {late && (
        <Alert color="ochre" icon={<IconClockPause aria-hidden />} role="status">
          {t('late', { minutes: late.minutes, time: times.time(late.said_at) })}
        </Alert>
      )}
      <p className={classes.keep}>
        <IconDeviceMobile size={22} aria-hidden />
        {t('keepOpen')}
      </p>
      <VisitThread visit={visit} />
      <GettingReady waiting={waiting} />
      {children}
      <Leaving visit={visit} />
      <EmergencyLine visit={visit} />
    </Page>
  );
}
