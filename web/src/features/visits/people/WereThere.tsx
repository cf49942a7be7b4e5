import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import classes from './People.module.css';
import { type Guest, spans } from './people';

/** Who was in the visit's call beside the patient and the clinician, and from when to when. */
export function WereThere({ guests }: { guests: readonly Guest[] }) {
  const t = useTranslations('visits/people');
  const times = useTimes();
  const found = spans(guests);
  if (found.length === 0) return null;
  const who = found.map(({ guest, from, until }) => {
    const person = {
      name: guest.name ?? '',
      kind: t(`kinds.${guest.kind}`),
      from: times.time(from),
    };
    return until ? t('there', { ...person, until: times.time(until) }) : t('thereStill', person);
  });
  return <p className={classes.wereThere}>{t('wereThere', { who: who.join('; ') })}</p>;
}
