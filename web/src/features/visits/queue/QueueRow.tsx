import { IconAlertTriangle, IconMapPin, IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import { useNow } from '@/lib/time/useNow';
import { age, useTimes } from '@/lib/time/useTimes';
import { PersonName } from '@/ui/PersonName';
import { StatusBadge } from '@/ui/StatusBadge';
import type { QueueEntry } from '../model';
import classes from './Queue.module.css';
import { RowActions } from './RowActions';
import type { QueueActions } from './useQueueActions';

const LONG_WAIT_MINUTES = 30;

/** One patient: for how long, who, why, where, and what one can do. */
export function QueueRow({ entry, actions }: { entry: QueueEntry; actions: QueueActions }) {
  const t = useTranslations('visits/queue.list');
  const reason = useTranslations('reasons');
  const { patient, status } = entry;
  const level = ['routine', 'urgent', 'emergency'][entry.priority] ?? 'routine';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: j and k walk through the rows; Enter admits
    <li className={classes.row} data-level={level} data-status={status} data-queue-row tabIndex={0}>
      <Since entry={entry} />
      <PersonName
        name={patient.name}
        detail={t('person', {
          age: age(patient.birth_date),
          sex: patient.sex,
          language: patient.language,
        })}
      />
      <div className={classes.why}>
        <span className={classes.reason}>{reason(entry.reason_code)}</span>
        <Flags entry={entry} />
      </div>
      <Where entry={entry} />
      <State entry={entry} />
      <RowActions entry={entry} actions={actions} />
    </li>
  );
}

function Since({ entry }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const now = useNow(15_000);
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
      {entry.red_flags.map(({ code, level }) => (
        <li key={code} className={classes.flag} data-level={level}>
          <IconAlertTriangle size={15} aria-hidden />
          {flag.has(code) ? flag(code) : code}
        </li>
      ))}
    </ul>
  );
}

/** Where the patient is now: it decides who may see them, and where help is sent. */
function Where({ entry }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const { location } = entry;
  const { roles } = usePerson();
  const mayNot = entry.licensed === false && entry.status !== 'admitted';
  if (!location) return <span className={classes.where}>{t('whereUnknown')}</span>;
  return (
    <div className={classes.where}>
      <span className={classes.place}>
        <IconMapPin size={15} aria-hidden />
        {[location.city, location.state].filter(Boolean).join(', ')}
      </span>
      {mayNot && roles.includes('clinician') && (
        <span className={classes.unlicensed}>{t('notLicensed')}</span>
      )}
      {entry.callback_phone && (
        <a className={classes.phone} href={`tel:${entry.callback_phone}`}>
          <IconPhone size={15} aria-hidden />
          {readablePhone(entry.callback_phone)}
        </a>
      )}
    </div>
  );
}

function State({ entry }: { entry: QueueEntry }) {
  const t = useTranslations('visits/queue.list');
  const times = useTimes();
  const { status, connected, clinician, slot_starts_at: slot } = entry;
  const inCall = entry.in_call.includes('patient');
  return (
    <div className={classes.state}>
      {status === 'admitted' && clinician && (
        <StatusBadge tone="active">{t('with', { name: clinician.name })}</StatusBadge>
      )}
      {status === 'left' && <StatusBadge tone="attention">{t('steppedOut')}</StatusBadge>}
      {status === 'intake' && (
        <StatusBadge tone="done">{t(slot ? 'expected' : 'answering')}</StatusBadge>
      )}
      {slot && (
        <span className={classes.booked}>
          {t('booked', { time: times.time(slot), name: clinician?.name ?? '' })}
        </span>
      )}
      {status === 'waiting' && (
        <span className={classes.presence} data-here={connected ?? 'unknown'}>
          {t(connected === null ? 'pageUnknown' : connected ? 'pageOpen' : 'pageClosed')}
        </span>
      )}
      {status === 'admitted' && (
        <span className={classes.presence} data-here={inCall}>
          {t(inCall ? 'inCall' : 'notInCall')}
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
