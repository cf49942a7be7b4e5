import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useTimes } from '@/lib/time/useTimes';
import classes from './NewVisitPage.module.css';

/** Outside of its hours: that nobody may be there, and when somebody is. Nothing while the clinic is open. */
export function ClosedNow({ slug }: { slug: string }) {
  const t = useTranslations('intake/start');
  const times = useTimes();
  const { data: clinic } = useQuery({
    queryKey: ['clinic', slug],
    queryFn: () => take(api.GET('/api/clinics/{slug}', { params: { path: { slug } } })),
  });
  if (!clinic || clinic.open_now) return null;
  const opens = clinic.opens_at;
  return (
    <p className={classes.closed} role="note">
      {opens
        ? t('closedUntil', { day: times.weekday(opens), time: times.timeWithZone(opens) })
        : t('closedNow')}
    </p>
  );
}
