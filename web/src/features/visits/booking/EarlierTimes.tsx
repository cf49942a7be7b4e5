import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useTimes } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { pathOf } from '../model';

/** The times that a booked visit had before it was moved, the first one first; nothing if it never was. */
export function EarlierTimes({ visitId }: { visitId: string }) {
  const t = useTranslations('visits/booking.reschedule');
  const times = useTimes();
  const { data } = useQuery({
    queryKey: ['visits', visitId, 'appointments'],
    queryFn: () => take(api.GET('/api/visits/{visit_id}/appointments', pathOf(visitId))),
  });
  const told = data?.[0]?.history.filter(({ kind }) => kind === 'booked' || kind === 'moved') ?? [];
  const earlier = told.slice(0, -1).filter(({ starts_at }) => starts_at);
  if (earlier.length === 0) return null;
  return (
    <Section title={t('earlier')}>
      <ul>
        {earlier.map(({ at, starts_at, clinician }) => (
          <li key={at}>
            <s>{starts_at && times.dateTime(starts_at)}</s> {clinician}
          </li>
        ))}
      </ul>
    </Section>
  );
}
