import { Fragment } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { lastDigits, type PatientMarks } from '@/lib/patient';
import { type Age, age } from '@/lib/time/age';
import { plainShortDate } from '@/lib/time/useTimes';
import classes from './Marks.module.css';

interface MarksProps {
  of: PatientMarks;
  /** One thing more: the sex, the language. */
  more?: string;
}

/** 'Mar 9, 1984 (42 y) · MRN 1000012 · phone …0100': stands beside a patient's name wherever one acts on it. */
export function Marks({ of: { birth_date, mrn, phone }, more }: MarksProps) {
  const t = useTranslations('chart/strip');
  const locale = useCurrentLocale();
  const inWords = ({ unit, count }: Age) => t(`age.${unit}`, { count });
  const marks = [
    t('born', { date: plainShortDate(birth_date, locale), age: inWords(age(birth_date)) }),
    t('mrn', { mrn }),
    phone && t('phone', { digits: lastDigits(phone) }),
    more,
  ].filter(Boolean);
  return (
    <span className={classes.marks}>
      {marks.map((mark, at) => (
        <Fragment key={mark}>
          {at > 0 && ' '}
          <span className={classes.mark}>
            {mark}
            {at < marks.length - 1 && ' ·'}
          </span>
        </Fragment>
      ))}
    </span>
  );
}
