import { ActionIcon, Button, NativeSelect, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { showToast } from '@/ui/toasts/toast';
import type { LocationName } from '../model';
import classes from './Hours.module.css';
import { useLocationField } from './locations';
import { endOfItsDay, wholeDays } from './span';

type Exception = components['schemas']['ExceptionOut'];
type NewException = components['schemas']['NewException'];

const SLOT_LENGTHS = [10, 15, 20, 30, 45, 60];
const EMPTY = {
  kind: 'away',
  first_day: '',
  last_day: '',
  starts: '',
  ends: '',
  slot_minutes: '20',
};

interface ExceptionsProps {
  clinicianId: string;
  exceptions: Exception[];
  locations: LocationName[];
  maySet: boolean;
}

/** Days away and extra hours that are still to come. What is booked already stays booked. */
export function Exceptions({ clinicianId, exceptions, locations, maySet }: ExceptionsProps) {
  const t = useTranslations('visits/queue.exceptions');
  const client = useQueryClient();
  const remove = useAction({
    run: (exception_id: string, init) =>
      take(
        api.DELETE('/api/clinicians/{clinician_id}/exceptions/{exception_id}', {
          params: { path: { clinician_id: clinicianId, exception_id } },
          ...init,
        }),
      ),
    invalidates: [['hours', clinicianId], ['slots']],
    // Removed in another tab meanwhile: the list shows it.
    onProblem: () => void client.invalidateQueries({ queryKey: ['hours', clinicianId] }),
  });
  return (
    <Section title={t('title')}>
      {exceptions.length === 0 && <p>{t('none')}</p>}
      <ul className={classes.exceptions}>
        {exceptions.map((exception) => (
          <ExceptionRow
            key={exception.id}
            exception={exception}
            locations={locations}
            removing={remove.isPending && remove.variables === exception.id}
            onRemove={maySet ? () => remove.mutate(exception.id) : undefined}
          />
        ))}
      </ul>
      <FormProblem of={remove.error} />
      {maySet && <AddException clinicianId={clinicianId} locations={locations} />}
    </Section>
  );
}

/** A stretch of time in words: whole days by their names, and midnight as the end of its day. */
function useSpan(zone: string): (from: string, to: string) => string {
  const t = useTranslations('visits/queue.exceptions');
  const times = useTimes(zone);
  return (from, to) => {
    const days = wholeDays(from, to, zone);
    if (days) {
      const [first, last] = [times.date(days.first), times.date(days.last)];
      return first === last ? first : t('span', { from: first, to: last });
    }
    const end = endOfItsDay(to, zone);
    return t('span', {
      from: times.dateTime(from),
      to: end ? t('endOfDay', { day: times.date(end) }) : times.dateTime(to),
    });
  };
}

interface ExceptionRowProps {
  exception: Exception;
  locations: LocationName[];
  removing: boolean;
  onRemove: (() => void) | undefined;
}

function ExceptionRow({ exception, locations, removing, onRemove }: ExceptionRowProps) {
  const t = useTranslations('visits/queue.exceptions');
  const { kind, starts_at, ends_at, location_id } = exception;
  const { clinic } = usePerson();
  const place = locations.find(({ id }) => id === location_id);
  const when = useSpan(place?.time_zone ?? clinic.time_zone);
  const line = t(kind === 'extra' ? 'extraLine' : 'awayLine', { when: when(starts_at, ends_at) });
  const text = place && locations.length > 1 ? t('lineAt', { line, place: place.name }) : line;
  return (
    <li className={classes.exception}>
      <span>{text}</span>
      {onRemove && (
        <ActionIcon
          variant="subtle"
          color="red"
          size="lg"
          aria-label={t('remove', { text })}
          loading={removing}
          onClick={onRemove}
        >
          <IconTrash size={18} aria-hidden />
        </ActionIcon>
      )}
    </li>
  );
}

type AddExceptionProps = Pick<ExceptionsProps, 'clinicianId' | 'locations'>;

function AddException({ clinicianId, locations }: AddExceptionProps) {
  const t = useTranslations('visits/queue.exceptions');
  const field = useLocationField(locations);
  const hours = useTranslations('visits/queue.hours');
  const add = useAction({
    run: (body: NewException, init) =>
      take(
        api.POST('/api/clinicians/{clinician_id}/exceptions', {
          params: { path: { clinician_id: clinicianId } },
          body,
          ...init,
        }),
      ),
    invalidates: [['hours', clinicianId], ['slots']],
  });
  const form = useForm({
    initialValues: { ...EMPTY, location_id: locations[0]?.id ?? '' },
    checks: ({ kind, first_day, last_day, starts, ends }) => ({
      first_day: !first_day && 'required',
      last_day: kind === 'away' && !last_day && 'required',
      starts: kind === 'extra' && !starts && 'required',
      ends: kind === 'extra' && !ends && 'required',
    }),
    submit: async ({ kind, first_day, last_day, starts, ends, slot_minutes, location_id }) => {
      await add.mutateAsync(
        kind === 'extra'
          ? {
              kind: 'extra',
              first_day,
              last_day: first_day,
              starts,
              ends,
              slot_minutes: Number(slot_minutes),
              location_id,
            }
          : { kind: 'away', first_day, last_day, starts: starts || '00:00', ends: ends || '00:00' },
      );
      form.reset();
      showToast({ text: t('added') });
    },
  });
  const extra = form.values.kind === 'extra';
  return (
    <form {...form.props} className={classes.form} aria-label={t('add')}>
      <div className={classes.row}>
        <NativeSelect
          label={t('kind')}
          data={[
            { value: 'away', label: t('away') },
            { value: 'extra', label: t('extra') },
          ]}
          {...form.field('kind')}
        />
        <TextInput
          type="date"
          label={extra ? t('day') : t('firstDay')}
          {...form.field('first_day')}
        />
        {!extra && <TextInput type="date" label={t('lastDay')} {...form.field('last_day')} />}
        <TextInput
          type="time"
          label={extra ? hours('from') : t('fromOptional')}
          {...form.field('starts')}
        />
        <TextInput
          type="time"
          label={extra ? hours('to') : t('toOptional')}
          {...form.field('ends')}
        />
        {extra && (
          <NativeSelect
            label={hours('length')}
            data={SLOT_LENGTHS.map((minutes) => ({
              label: hours('minutes', { minutes }),
              value: String(minutes),
            }))}
            {...form.field('slot_minutes')}
          />
        )}
        {extra && locations.length > 1 && (
          <NativeSelect
            label={hours('location')}
            className={classes.location}
            {...field(form.values.location_id)}
            {...form.field('location_id')}
          />
        )}
      </div>
      <FormProblem of={form.problem} />
      <Button type="submit" variant="default" loading={form.sending}>
        {t('add')}
      </Button>
    </form>
  );
}
