import { IconAlertTriangle } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { dialLink, readablePhone } from '@/lib/phone';
import type { Clinic } from './clinic';
import classes from './Emergency.module.css';

/** What a video visit is not for, with the numbers to press. */
export function Emergency({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.emergency');
  const call = (number: string) => (
    <a key={number} href={dialLink(number)}>
      {readablePhone(number)}
    </a>
  );
  return (
    <aside className={classes.notice} aria-label={t('label')}>
      <IconAlertTriangle size={22} className={classes.sign} aria-hidden />
      <div>
        <p className={classes.main}>
          {t.rich('emergency', { call: () => call(clinic.emergency_number) })}
        </p>
        <p className={classes.other}>
          {t.rich('crisis', { call: () => call(clinic.crisis_number) })}{' '}
          {t.rich('poison', { call: () => call(clinic.poison_number) })}
        </p>
      </div>
    </aside>
  );
}
