import { IconMapPin, IconPhone } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { dialLink, readablePhone } from '@/lib/phone';
import { useMay, usePerson } from '@/lib/session/session';
import { useNow } from '@/lib/time/useNow';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { RedFlag } from '@/ui/marks/RedFlag';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { Marks } from '@/ui/person/Marks';
import { PersonName } from '@/ui/person/PersonName';
import { SameName } from '@/ui/person/SameName';
import { WithAdult } from '@/ui/person/WithAdult';
import { RestrictedMark } from '@/ui/states/LockedChart';
import type { QueueEntry } from '../model';
import { CheckMark } from './CheckMark';
import { PresenceMark } from './PresenceMark';
import classes from './Queue.module.css';
import { RowActions } from './RowActions';
import type { QueueActions } from './useQueueActions';

const LANGUAGES = ['en', 'es'] as const;
const LONG_WAIT_MINUTES = 30;

interface QueueRowProps {
  entry: QueueEntry;
  /** Whether another patient in the queue has the same name. */
  sameName: boolean;
  actions: QueueActions;
}

/** One patient: for how long, who, why, where, and what one can do. */
export function QueueRow({ entry, sameName, actions }: QueueRowProps) {
  const t = useTranslations('visits/queue.list');
  const reason = useReasonName();
  const sex = useTranslations('chart/strip.sex');
  const locale = useCurrentLocale();
  const { patient, status } = entry;
  // Said only where it is not the reader's own.
  const foreign = LANGUAGES.find((each) => each === patient.language && each !== locale);
  const level = ['routine', 'urgent', 'emergency'][entry.priority] ?? 'routine';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: j and k walk through the rows; Enter admits
    <li className={classes.row} data-level={level} data-status={status} data-queue-row tabIndex={0}>
      <Since entry={entry} />
      <PersonName
        name={patient.name}
        detail={
          <>
            <Marks
              of={patient}
              more={[
                !entry.restricted && sex(patient.clinical_sex),
                foreign && t(`speaks.${foreign}`),
              ]
                .filter(Boolean)
                .join(' · ')}
            />
            {sameName && <SameName />}
            {entry.adult && <WithAdult adult={entry.adult} shown={entry.callback_phone} />}
          </>
        }
      />
      <div className={classes.why}>
        {entry.restricted ? (
          <RestrictedMark />
        ) : (
          <span className={classes.reason}>{reason(entry.reason_code)}</span>
        )}
        <Flags entry={entry} />
      </div>
      <Where entry={entry} onCall={() => actions.phoned.mutate(entry.visit_id)} />
      <State entry={entry} />
      <RowActions entry={entry} actions={actions} />
    </li>
  );
}

/** The time of a booked visit; with its day if that is another one, as of somebody in danger who booked ahead. */
function slotTime(times: ReturnType<typeof useTimes>, slot: string): string {
  return times.daysAway(slot) === 0 ? times.time(slot) : times.dateTime(slot);
}

function Since({ entry }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const now = useNow(15_000);
  const times = useTimes();
  if (entry.status === 'intake' && entry.slot_starts_at) {
    return <span className={classes.since}>{slotTime(times, entry.slot_starts_at)}</span>;
  }
  const since = entry.admitted_at ?? entry.left_at ?? entry.ready_at ?? entry.requested_at;
  const minutes = Math.max(0, Math.floor((now.getTime() - Date.parse(since)) / 60_000));
  const long = entry.status === 'waiting' && minutes >= LONG_WAIT_MINUTES;
  return (
    <span className={classes.since} data-long={long}>
      {t('minutes', { minutes })}
    </span>
  );
}

function Flags({ entry }: { entry: QueueEntry }) {
  const flag = useTranslations('visits/queue.flags');
  const t = useTranslations('visits/queue.list');
  if (entry.red_flags.length === 0) return null;
  return (
    <ul className={classes.flags} aria-label={t('flags')}>
      {entry.red_flags.map(({ code, level, changed_at = null, because }) => (
        <li key={code}>
          <RedFlag level={level} changedAt={changed_at} because={because}>
            {flag.has(code) ? flag(code) : code}
          </RedFlag>
        </li>
      ))}
    </ul>
  );
}

/** Where the patient is now: it decides who may see them, and where help is sent. */
function Where({ entry, onCall }: { entry: QueueEntry; onCall: () => void }) {
  const t = useTranslations('visits/queue.list');
  const { location } = entry;
  const { roles } = usePerson();
  // Nobody who is booked for later is asked yet where they will be.
  const booked = entry.status === 'intake' && entry.slot_starts_at !== null && !entry.priority;
  const mayNot = entry.licensed === false && entry.status !== 'admitted';
  return (
    <div className={classes.where}>
      <span className={classes.place} hidden={!location && booked}>
        <IconMapPin size={15} aria-hidden />
        {location ? placeOf(location, entry.red_flags.length > 0) : t('whereUnknown')}
      </span>
      {mayNot && roles.includes('clinician') && (
        <span className={classes.unlicensed}>{t('notLicensed')}</span>
      )}
      {entry.callback_phone && (
        <a className={classes.phone} href={dialLink(entry.callback_phone)} onClick={onCall}>
          <IconPhone size={15} aria-hidden />
          {readablePhone(entry.callback_phone)}
        </a>
      )}
      {entry.no_message && <StatusBadge tone="attention">{t('noMessage')}</StatusBadge>}
    </div>
  );
}

/** City and state; the whole address of somebody to whom help may have to be sent. */
function placeOf(location: Readonly<Record<string, string>>, whole: boolean): string {
  const { line, city, state, zip, country } = location;
  const place = [city, state].filter(Boolean).join(', ');
  if (!whole && place) return place;
  const end = [state, zip].filter(Boolean).join(' ');
  return [line, city, end, country === 'US' ? '' : country].filter(Boolean).join(', ');
}

function State({ entry }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const times = useTimes();
  const may = useMay();
  const { status, clinician, slot_starts_at: slot } = entry;
  const inCall = entry.in_call.includes('patient');
  return (
    <div className={classes.state}>
      {status === 'admitted' && clinician && (
        <StatusBadge tone="active">{t('with', { name: clinician.name })}</StatusBadge>
      )}
      {status === 'waiting' && <StatusBadge tone="active">{t('waiting')}</StatusBadge>}
      {status === 'left' && <StatusBadge tone="attention">{t('steppedOut')}</StatusBadge>}
      {status === 'intake' && (
        <StatusBadge tone="done">
          {slot ? t('bookedFor', { time: slotTime(times, slot) }) : t('answering')}
        </StatusBadge>
      )}
      {slot && clinician && status !== 'admitted' && (
        <span className={classes.booked}>
          {status === 'intake'
            ? t('bookedWith', { name: clinician.name })
            : t('booked', { time: times.time(slot), name: clinician.name })}
        </span>
      )}
      {(status === 'waiting' || (status === 'intake' && (!slot || entry.priority > 0))) && (
        <PresenceMark entry={entry} />
      )}
      {entry.check && status !== 'admitted' && <CheckMark check={entry.check} />}
      {status === 'admitted' && (
        <span className={classes.presence} data-here={inCall ? 'inCall' : 'notInCall'}>
          {t(inCall ? 'inCall' : 'notInCall')}
        </span>
      )}
      {status === 'admitted' && may('call.support') && (
        <Link to="/calls/$visitId" params={{ visitId: entry.visit_id }} className={classes.booked}>
          {t('connection')}
        </Link>
      )}
      {entry.phoned && (
        <span className={classes.booked}>
          {t('called', { time: times.time(entry.phoned.at), name: entry.phoned.by })}
        </span>
      )}
      {entry.running_late_minutes && (
        <span className={classes.booked}>
          {t('toldLate', { minutes: entry.running_late_minutes })}
        </span>
      )}
    </div>
  );
}
