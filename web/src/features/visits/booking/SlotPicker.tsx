import { Button } from '@mantine/core';
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { deviceZone, useTimes } from '@/lib/time/useTimes';
import { Empty } from '@/ui/Empty';
import { QueryState } from '@/ui/QueryState';
import { type OpenSlot, type Slots, slotsQuery } from '../model';
import classes from './Booking.module.css';
import { dayAfter, today } from './days';

const DAYS = 7;
const FURTHEST = 8;
const TWO_HOURS_MS = 2 * 60 * 60_000;

interface SlotPickerProps {
  chosen: OpenSlot | null;
  onChoose: (slot: OpenSlot, clinician: string) => void;
}

/** The open times of a week, by day, on the reader's own clock. */
export function SlotPicker({ chosen, onChoose }: SlotPickerProps) {
  const t = useTranslations('visits.slots');
  const zone = deviceZone();
  const [week, setWeek] = useState(0);
  const query = useQuery(slotsQuery(dayAfter(today(zone), week * DAYS), DAYS, zone));
  useLiveQueries({ 'slots.changed': ['slots'] });
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
        {(slots) => <Days slots={slots} chosen={chosen} onChoose={onChoose} />}
      </QueryState>
    </div>
  );
}

function Days({ slots, chosen, onChoose }: SlotPickerProps & { slots: Slots }) {
  const times = useTimes(slots.time_zone);
  const t = useTranslations('visits.slots');
  const names = new Map(slots.clinicians.map(({ id, name }) => [id, name]));
  const several = slots.clinicians.length > 1;
  // Where the clock shows a time twice, the zone tells the two apart.
  const label = (slot: OpenSlot) => {
    const time = times.time(slot.starts_at);
    const twice = slots.days.some(({ slots: open }) =>
      open.some(
        (other) =>
          other.starts_at !== slot.starts_at &&
          Math.abs(Date.parse(other.starts_at) - Date.parse(slot.starts_at)) < TWO_HOURS_MS &&
          times.time(other.starts_at) === time,
      ),
    );
    return twice ? times.timeWithZone(slot.starts_at) : time;
  };
  return (
    <>
      <p className={classes.zone}>{t('zone', { zone: slots.time_zone.replaceAll('_', ' ') })}</p>
      {slots.days.map(({ date, slots: open }) => (
        <fieldset key={date} className={classes.day}>
          <legend>{open[0] && times.weekday(open[0].starts_at)}</legend>
          <div className={classes.times}>
            {open.map((slot) => {
              const name = names.get(slot.clinician_id) ?? '';
              return (
                <button
                  key={`${slot.starts_at} ${slot.clinician_id}`}
                  type="button"
                  className={classes.time}
                  aria-pressed={isSame(slot, chosen)}
                  onClick={() => onChoose(slot, name)}
                >
                  <span>{label(slot)}</span>
                  {several && <small>{name}</small>}
                </button>
              );
            })}
          </div>
        </fieldset>
      ))}
    </>
  );
}

const isSame = (slot: OpenSlot, other: OpenSlot | null) =>
  slot.starts_at === other?.starts_at && slot.clinician_id === other.clinician_id;
