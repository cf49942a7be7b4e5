import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { dueDaysQuery } from '../queries';

/** The days that can be chosen: when each is, on a day when the clinic is open, and its date in words. */
export function useDueDays() {
  const t = useTranslations('followup');
  const times = useTimes();
  const found = useQuery(dueDaysQuery).data;
  const dueIn = (days: number) => found?.find((each) => each.days === days)?.due_at ?? null;
  /** What a sentence needs to say `tomorrow`, or `Monday, Nov 30`. */
  const dayOf = (at: string) => ({
    day: times.dayAndDate(at),
    when: times.daysAway(at) === 1 ? 'tomorrow' : 'later',
  });
  return {
    dueIn,
    dayOf,
    /** No open day is near: the clinic is closed for as long as is looked ahead. */
    closed: found?.every((each) => each.due_at === null) ?? false,
    /** `In 3 days: Monday, Nov 30`, or the bare words while it is not known. */
    option: (words: string, days: number) => {
      const at = dueIn(days);
      return at ? t('dueOption', { words, date: times.dayAndDate(at) }) : words;
    },
  };
}
