import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainDate, plainWeekday } from '@/lib/time/useTimes';
import { QueryState } from '@/ui/QueryState';
import { Section } from '@/ui/Section';
import { showToast } from '@/ui/toast';
import classes from './AdminPage.module.css';
import { HolidayRow } from './HolidayRow';
import { HOLIDAYS, type Holidays, useHolidayActions } from './holidays';

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

function Days({ found: { holidays, today } }: { found: Holidays }) {
  const t = useTranslations('admin.holidays');
  const locale = useCurrentLocale();
  const coming = holidays.filter(({ day }) => day >= today);
  const past = holidays.filter(({ day }) => day < today);
  return (
    <>
      {coming.length === 0 && <p className={classes.lead}>{t('none')}</p>}
      <ul className={classes.holidays}>
        {coming.map((holiday) => (
          <HolidayRow key={`${holiday.day} ${holiday.name}`} holiday={holiday} />
        ))}
      </ul>
      {past.length > 0 && (
        <details className={classes.past}>
          <summary>{t('past', { count: past.length })}</summary>
          <ul className={classes.holidays}>
            {past.map(({ day, name }) => (
              <li key={day} className={classes.holiday}>
                <span className={classes.holidayDay}>{plainWeekday(day, locale)}</span>
                <span className={classes.holidayName}>{name}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      <AddHoliday today={today} />
      <FederalYears today={today} />
    </>
  );
}

function AddHoliday({ today }: { today: string }) {
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
    checks: ({ day, name }) => ({ day: !day && 'required', name: !name.trim() && 'required' }),
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

/** This year's and the next year's; what is there already stays as it is. */
function FederalYears({ today }: { today: string }) {
  const t = useTranslations('admin.holidays');
  const language = useCurrentLocale();
  const { remove } = useHolidayActions();
  const add = useAction({
    run: (year: number, init) =>
      take(api.POST('/api/admin/holidays/federal', { body: { year, language }, ...init })),
    invalidates: [HOLIDAYS, ['clinic']],
    onDone: ({ added }) =>
      showToast({
        text: t('addedMany', { count: added.length }),
        ...(added.length > 0 && {
          action: { label: t('undo'), run: () => remove.mutate(added) },
        }),
      }),
  });
  const year = Number(today.slice(0, 4));
  return (
    <div className={classes.checks}>
      {[year, year + 1].map((each) => (
        <Button
          key={each}
          variant="subtle"
          loading={add.isPending && add.variables === each}
          onClick={() => add.mutate(each)}
        >
          {t('federal', { year: String(each) })}
        </Button>
      ))}
    </div>
  );
}
