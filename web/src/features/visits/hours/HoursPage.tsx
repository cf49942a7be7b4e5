import { ActionIcon, Button, NativeSelect, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { usePerson } from '@/lib/session/session';
import { capital } from '@/lib/time/capital';
import { zoneName } from '@/lib/time/zoneName';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { showToast } from '@/ui/toasts/toast';
import type { Hours, LocationName } from '../model';
import { Exceptions } from './Exceptions';
import classes from './Hours.module.css';
import { useLocationField } from './locations';

const SLOT_LENGTHS = [10, 15, 20, 30, 45, 60];
const A_MORNING: Hours = { weekday: 0, starts: '09:00', ends: '12:00', slot_minutes: 20 };

/** When a clinician can be booked: one's own hours to set, administrators set anyone's, coordinators read them. */
export default function HoursPage() {
  const t = useTranslations('visits/queue.hours');
  const { account_id: me, clinic, roles } = usePerson();
  const locale = useCurrentLocale();
  const params: { clinicianId?: string } = useParams({ strict: false });
  const ofAll = roles.includes('coordinator') || roles.includes('admin');
  const clinicianId = params.clinicianId ?? (roles.includes('clinician') ? me : null);
  return (
    <Page
      title={t('title')}
      lead={t('lead', { zone: zoneName(clinic.time_zone, locale) })}
      width="wide"
    >
      {ofAll && <WhoseHours chosen={clinicianId} />}
      {clinicianId && (
        <SavedHours
          key={clinicianId}
          clinicianId={clinicianId}
          maySet={clinicianId === me || roles.includes('admin')}
        />
      )}
    </Page>
  );
}

interface SavedHoursProps {
  clinicianId: string;
  maySet: boolean;
}

function SavedHours({ clinicianId, maySet }: SavedHoursProps) {
  const path = { params: { path: { clinician_id: clinicianId } } };
  const query = useQuery({
    queryKey: ['hours', clinicianId],
    queryFn: () => take(api.GET('/api/clinicians/{clinician_id}/hours', path)),
  });
  return (
    <QueryState of={query}>
      {({ hours, exceptions, locations }) => (
        <>
          <HoursForm
            clinicianId={clinicianId}
            saved={hours}
            locations={locations}
            maySet={maySet}
          />
          <Exceptions
            clinicianId={clinicianId}
            exceptions={exceptions}
            locations={locations}
            maySet={maySet}
          />
        </>
      )}
    </QueryState>
  );
}

/** Coordinators and administrators choose a clinician. */
function WhoseHours({ chosen }: { chosen: string | null }) {
  const t = useTranslations('visits/queue.hours');
  const navigate = useNavigate();
  const query = useQuery({
    queryKey: ['clinicians'],
    queryFn: () => take(api.GET('/api/clinicians')),
  });
  return (
    <QueryState of={query}>
      {(clinicians) => (
        <NativeSelect
          label={t('whose')}
          value={chosen ?? ''}
          onChange={({ target }) =>
            void navigate({
              to: '/hours/$clinicianId',
              params: { clinicianId: target.value },
            })
          }
          data={[
            { label: t('choose'), value: '', disabled: true },
            ...clinicians.map(({ id, name }) => ({ label: name, value: id })),
          ]}
        />
      )}
    </QueryState>
  );
}

interface HoursFormProps extends SavedHoursProps {
  saved: Hours[];
  locations: LocationName[];
}

function HoursForm({ clinicianId, saved, locations, maySet }: HoursFormProps) {
  const t = useTranslations('visits/queue.hours');
  const weekdays = useWeekdays();
  const field = useLocationField(locations);
  const path = { params: { path: { clinician_id: clinicianId } } };
  const save = useAction({
    run: (hours: Hours[], init) =>
      take(api.PUT('/api/clinicians/{clinician_id}/hours', { ...path, body: { hours }, ...init })),
    invalidates: [['hours', clinicianId], ['slots']],
    onDone: () => showToast({ text: t('saved') }),
  });
  const form = useKeptForm<{ hours: Hours[] }>('hours', {
    initialValues: { hours: saved },
    submit: ({ hours }) => save.mutateAsync(hours),
  });
  const { hours } = form.values;
  const last = hours.at(-1);
  const add = () =>
    form.set('hours', [
      ...hours,
      last
        ? { ...last, weekday: (last.weekday + 1) % 7 }
        : { ...A_MORNING, location_id: locations[0]?.id },
    ]);
  return (
    <form {...form.props} className={classes.form}>
      {hours.length === 0 && <Empty title={t('none')} hint={t('noneHint')} />}
      {locations.length > 1 && <Text c="dimmed">{t('severalZones')}</Text>}
      {hours.map(({ weekday, slot_minutes, location_id }, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place
        <fieldset key={place} className={classes.row} disabled={!maySet}>
          <legend className="visually-hidden">{t('row', { place: place + 1 })}</legend>
          <NativeSelect
            label={t('weekday')}
            data={weekdays.map((label, value) => ({ label, value: String(value) }))}
            value={String(weekday)}
            onChange={(event) => form.set(`hours.${place}.weekday`, Number(event.target.value))}
          />
          <TextInput type="time" label={t('from')} {...form.field(`hours.${place}.starts`)} />
          <TextInput type="time" label={t('to')} {...form.field(`hours.${place}.ends`)} />
          <NativeSelect
            label={t('length')}
            data={SLOT_LENGTHS.map((minutes) => ({
              label: t('minutes', { minutes }),
              value: String(minutes),
            }))}
            value={String(slot_minutes)}
            onChange={(event) =>
              form.set(`hours.${place}.slot_minutes`, Number(event.target.value))
            }
          />
          {locations.length > 1 && (
            <NativeSelect
              label={t('location')}
              className={classes.location}
              {...field(location_id)}
              {...form.field(`hours.${place}.location_id`)}
            />
          )}
          {maySet && (
            <ActionIcon
              variant="subtle"
              color="red"
              size="lg"
              className={classes.remove}
              aria-label={t('remove', { place: place + 1 })}
              onClick={() =>
                form.set(
                  'hours',
                  hours.filter((_, other) => other !== place),
                )
              }
            >
              <IconTrash size={18} aria-hidden />
            </ActionIcon>
          )}
        </fieldset>
      ))}
      <FormProblem of={form.problem} />
      {maySet ? (
        <div className={classes.buttons}>
          <Button variant="default" leftSection={<IconPlus size={18} aria-hidden />} onClick={add}>
            {t('add')}
          </Button>
          <Button type="submit" loading={form.sending}>
            {t('save')}
          </Button>
        </div>
      ) : (
        <Text c="dimmed">{t('readOnly')}</Text>
      )}
    </form>
  );
}

/** The days of the week from Monday on, in the reader's language. */
function useWeekdays(): string[] {
  const locale = useCurrentLocale();
  const format = new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => capital(format.format(Date.UTC(2001, 0, 1 + day))));
}
