import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';

/** A time as the reader's clock will show it, and as the clinic's does where that is another. */
export function BothZones({ at }: { at: string }) {
  const t = useTranslations('visits.zones');
  const { clinic } = usePerson();
  const mine = useTimes();
  const theirs = useTimes(clinic.time_zone);
  const same = mine.timeWithZone(at) === theirs.timeWithZone(at);
  return (
    <>
      {mine.timeWithZone(at)}
      {!same && <small> {t('atClinic', { time: theirs.timeWithZone(at) })}</small>}
    </>
  );
}
