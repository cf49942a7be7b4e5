import { useNow } from '@/lib/time/useNow';
import { type Moment, useTimes } from '@/lib/time/useTimes';

/** '5 minutes ago', kept true as time passes; the exact moment is in the tooltip. */
export function RelativeTime({ at }: { at: Moment }) {
  const times = useTimes();
  const now = useNow();
  const moment = new Date(at);
  return (
    <time dateTime={moment.toISOString()} title={times.dateTime(moment)}>
      {times.relative(moment, now)}
    </time>
  );
}
