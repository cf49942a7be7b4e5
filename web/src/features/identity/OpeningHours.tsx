import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainWeekday } from '@/lib/time/useTimes';
import { zoneName } from '@/lib/time/zoneName';
import classes from './ClinicPage.module.css';
import type { Clinic } from './clinic';
import { alwaysOpen, dayName, daySpans, sameDays } from './hours';

/** When the clinic is open, in its own time zone, with days that are alike on one line. */
export function OpeningHours({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.clinic');
  const locale = useCurrentLocale();
  const { hours } = clinic;
  if (alwaysOpen(hours) && clinic.holidays.length === 0)
    return <p className={classes.address}>{t('alwaysOpen')}</p>;
  return (
    <>
      <dl className={classes.hours}>
        {sameDays(hours).map((days) => {
          const [first, last] = [days[0] ?? 'mon', days.at(-1) ?? 'sun'];
          const name = dayName(first, locale);
          return (
            <div key={first} className={classes.day}>
              <dt>
                {first === last ? name : t('days', { first: name, last: dayName(last, locale) })}
              </dt>
              <dd>{(daySpans(hours, first, locale) ?? t('allDay')) || t('closedDay')}</dd>
            </div>
          );
        })}
      </dl>
      {clinic.holidays.map(({ day, name }) => (
        <p key={day} className={classes.zone}>
          {t('closedOn', { date: plainWeekday(day, locale), name: name[locale] })}
        </p>
      ))}
      <p className={classes.zone}>{t('zone', { zone: zoneName(clinic.time_zone, locale) })}</p>
    </>
  );
}
