import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';

interface BothZonesProps {
  at: string;
  /** That of the clinic's location, where it has one of its own. */
  zone?: string | null | undefined;
}

/** A time as the reader's clock will show it, and as the clinic's does where that is another. */
export function BothZones({ at, zone }: BothZonesProps) {
  const t = useTranslations('visits.zones');
  const { clinic } = usePerson();
  const mine = useTimes();
  const theirs = useTimes(zone ?? clinic.time_zone);
  const same = mine.timeWithZone(at) === theirs.timeWithZone(at);
  return (
    <>
      {mine.timeWithZone(at)}
      {!same && <small> {t('atClinic', { time: theirs.timeWithZone(at) })}</small>}
    </>
  );
}
