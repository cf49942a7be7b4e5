import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainDate, plainWeekday } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { HolidayRow } from './HolidayRow';
import { HOLIDAYS, type Holidays, useHolidayActions } from './holidays';

const MAX_OFFERED = 2;

/** The days on which the clinic is closed: added one by one or a year of federal ones at once; past ones fold away. */
export function HolidaysSection() {
  const t = useTranslations('admin.holidays');
  const query = useQuery({
    queryKey: HOLIDAYS,
    queryFn: () => take(api.GET('/api/admin/holidays')),
  });
  return (
    <Section title={t('title')}>
      <p className={classes.lead}>{t('lead')}</p>
      <QueryState of={query}>{(found) => <Days found={found} />}</QueryState>
    </Section>
  );
}

function Days({ found: { holidays, today, federal } }: { found: Holidays }) {
  const t = useTranslations('admin.holidays');
  const locale = useCurrentLocale();
  const coming = holidays.filter(({ day }) => day >= today);
  const past = holidays.filter(({ day }) => day < today);
  return (
    <>
      {coming.length === 0 && <p className={classes.lead}>{t('none')}</p>}
      <ul className={classes.rows}>
        {coming.map((holiday) => (
          <HolidayRow key={holiday.day} holiday={holiday} />
        ))}
      </ul>
      {past.length > 0 && (
        <details className={classes.past}>
          <summary>{t('past', { count: past.length })}</summary>
          <ul className={classes.rows}>
            {past.map(({ day, name }) => (
              <li key={day} className={classes.row}>
                <span className={classes.holidayDay}>{plainWeekday(day, locale)}</span>
                <span className={classes.rowName}>{name[locale]}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <AddHoliday holidays={holidays} today={today} />
      <FederalYears years={federal} />
    </>
  );
}

function AddHoliday({ holidays, today }: Pick<Holidays, 'holidays' | 'today'>) {
  const t = useTranslations('admin.holidays');
  const locale = useCurrentLocale();
  const { remove } = useHolidayActions();
  const add = useAction({
    run: (body: { day: string; name: string }, init) =>
      take(api.POST('/api/admin/holidays', { body, ...init })),
    invalidates: [HOLIDAYS, ['clinic']],
  });
  const form = useForm({
    initialValues: { day: '', name: '' },
    checks: ({ day, name }) => ({
      day: (!day && 'required') || (holidays.some((each) => each.day === day) && 'holiday_exists'),
      name: !name.trim() && 'required',
    }),
    submit: async ({ day, name }) => {
      await add.mutateAsync({ day, name });
      form.reset();
      showToast({
        text: t('added', { date: plainDate(day, locale) }),
        action: { label: t('undo'), run: () => remove.mutate([day]) },
      });
    },
  });
  return (
    <form {...form.props} className={classes.addHoliday} aria-label={t('add')}>
      <TextInput type="date" label={t('day')} min={today} {...form.field('day')} />
      <TextInput label={t('name')} maxLength={100} {...form.field('name')} />
      <Button type="submit" variant="default" loading={form.sending}>
        {t('add')}
      </Button>
      <FormProblem of={form.problem} />
    </form>
  );
}

/** Those of the years ahead: a year that has been added says so, and the next ones are offered. */
function FederalYears({ years }: { years: Holidays['federal'] }) {
  const t = useTranslations('admin.holidays');
  const locale = useCurrentLocale();
  const { addFederal } = useHolidayActions();
  const text = useRef<HTMLParagraphElement>(null);
  const ahead = years.filter(({ coming }) => coming > 0);
  const there = ahead.filter(({ missing }) => missing === 0).map(({ year }) => String(year));
  const offered = ahead.filter(({ missing }) => missing > 0).slice(0, MAX_OFFERED);
  return (
    <div className={classes.federal}>
      <p ref={text} tabIndex={-1}>
        {there.length > 0 &&
          t('federalAdded', { years: new Intl.ListFormat(locale).format(there) })}
      </p>
      {offered.map(({ year, coming, missing }) => (
        <Button
          key={year}
          variant="default"
          loading={addFederal.isPending && addFederal.variables === year}
          onClick={() => addFederal.mutate(year, { onSuccess: () => text.current?.focus() })}
        >
          {missing === coming
            ? t('federal', { year: String(year) })
            : t('federalMissing', { year: String(year), count: missing })}
        </Button>
      ))}
    </div>
  );
}
