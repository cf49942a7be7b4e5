import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import type { OpenSlot } from '../model';
import classes from './Booking.module.css';
import { PARTS, partOf } from './openTimes';

interface DayTimesProps {
  open: readonly OpenSlot[];
  timeZone: string;
  chosen: OpenSlot | null;
  onChoose: (slot: OpenSlot) => void;
}

/** The open times of one day, by morning, afternoon and evening. */
export function DayTimes({ open, timeZone, chosen, onChoose }: DayTimesProps) {
  const t = useTranslations('visits/booking.slots');
  const times = useTimes(timeZone);
  const shown = open.map(({ starts_at }) => times.time(starts_at));
  const label = (slot: OpenSlot) => {
    const time = times.time(slot.starts_at);
    // The night in which the clock shows an hour twice: the zone tells the two apart.
    const twice = shown.indexOf(time) !== shown.lastIndexOf(time);
    return twice ? times.timeWithZone(slot.starts_at) : time;
  };
  return PARTS.map((part) => {
    const slots = open.filter(({ starts_at }) => partOf(starts_at, timeZone) === part);
    if (slots.length === 0) return null;
    return (
      <fieldset key={part} className={classes.choice}>
        <legend>{t(part)}</legend>
        <div className={classes.times}>
          {slots.map((slot) => (
            <button
              key={slot.starts_at}
              type="button"
              className={classes.time}
              aria-pressed={
                slot.starts_at === chosen?.starts_at && slot.clinician_id === chosen.clinician_id
              }
              onClick={() => onChoose(slot)}
            >
              {label(slot)}
            </button>
          ))}
        </div>
      </fieldset>
    );
  });
}
