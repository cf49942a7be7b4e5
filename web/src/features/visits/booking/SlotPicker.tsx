import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { capital } from '@/lib/time/capital';
import { useTimes } from '@/lib/time/useTimes';
import { zoneName } from '@/lib/time/zoneName';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { type LocationName, type OpenSlot, type Slots, slotsQuery } from '../model';
import classes from './Booking.module.css';
import { Choice } from './Choice';
import { DayTimes } from './DayTimes';
import { dayAfter, today } from './days';
import { timesOf } from './openTimes';

const DAYS = 7;
const FURTHEST = 8;

/** A time with the names of what it is: with whom, and where if there is more than one place. */
export interface Chosen {
  slot: OpenSlot;
  clinician: string;
  place: LocationName | null;
}

interface SlotPickerProps {
  /** What the visit is for, which says who offers it and how long it takes; all times while that is open. */
  reason: string | null;
  chosen: OpenSlot | null;
  onChoose: (chosen: Chosen) => void;
}

/** The open times, on the reader's own clock: a week, one of its days, one of the day's times. */
export function SlotPicker({ reason, chosen, onChoose }: SlotPickerProps) {
  const t = useTranslations('visits/booking.slots');
  const zone = useTimes().timeZone;
  const [week, setWeek] = useState(0);
  const query = useQuery(slotsQuery(dayAfter(today(zone), week * DAYS), DAYS, zone, reason));
  useLiveQueries({ 'slots.changed': ['slots'], 'locations.changed': ['slots'] });
  return (
    <div className={classes.picker}>
      <div className={classes.weeks}>
        <Button
          variant="default"
          disabled={week === 0}
          onClick={() => setWeek(week - 1)}
          leftSection={<IconChevronLeft size={18} aria-hidden />}
        >
          {t('earlier')}
        </Button>
        <Button
          variant="default"
          disabled={week === FURTHEST}
          onClick={() => setWeek(week + 1)}
          rightSection={<IconChevronRight size={18} aria-hidden />}
        >
          {t('later')}
        </Button>
      </div>
      <QueryState
        of={query}
        empty={{
          when: ({ days }) => days.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {(slots) => <Days key={week} slots={slots} chosen={chosen} onChoose={onChoose} />}
      </QueryState>
    </div>
  );
}

/** Anyone, or anywhere, for whoever does not mind: then each time stands there once. */
const ANYONE = '';

function Days({ slots, chosen, onChoose }: Omit<SlotPickerProps, 'reason'> & { slots: Slots }) {
  const t = useTranslations('visits/booking.slots');
  const times = useTimes(slots.time_zone);
  const [date, setDate] = useState<string | null>(null);
  const [who, setWho] = useState(ANYONE);
  const [where, setWhere] = useState(ANYONE);
  const locale = useCurrentLocale();
  const names = new Map(slots.clinicians.map(({ id, name }) => [id, name]));
  // A clinician whose last time was just taken is no choice any more.
  const clinician = names.has(who) ? who : null;
  const places = new Map(slots.locations.map((place) => [place.id, place]));
  const several = places.size > 1;
  const place = places.has(where) ? where : null;
  const days = slots.days
    .map(({ date, slots: open }) => ({
      date,
      open: timesOf(place ? open.filter((each) => each.location_id === place) : open, clinician),
    }))
    .filter(({ open }) => open.length > 0);
  const day = days.find((each) => each.date === date) ?? days[0];
  return (
    <>
      {names.size > 1 && (
        <Choice
          name="clinician"
          label={t('who')}
          choices={[
            { value: ANYONE, label: t('anyone') },
            ...slots.clinicians.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          chosen={clinician ?? ANYONE}
          onChoose={setWho}
        />
      )}
      {several && (
        <Choice
          name="place"
          label={t('where')}
          choices={[
            { value: ANYONE, label: t('anywhere') },
            ...slots.locations.map(({ id, name }) => ({ value: id, label: name })),
          ]}
          chosen={place ?? ANYONE}
          onChoose={setWhere}
        />
      )}
      <Choice
        name="day"
        label={t('day')}
        choices={days.map(({ date: value, open: [first] }) => ({
          value,
          label: first && capital(times.shortWeekday(first.starts_at)),
          detail: first && times.shortDate(first.starts_at),
        }))}
        chosen={day?.date ?? ''}
        onChoose={setDate}
      />
      <p className={classes.zone}>{t('zone', { zone: zoneName(slots.time_zone, locale) })}</p>
      {day && (
        <DayTimes
          open={day.open}
          timeZone={slots.time_zone}
          chosen={chosen}
          onChoose={(slot) =>
            onChoose({
              slot,
              clinician: names.get(slot.clinician_id) ?? '',
              place: (several && places.get(slot.location_id)) || null,
            })
          }
        />
      )}
    </>
  );
}
