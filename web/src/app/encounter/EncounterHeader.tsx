import { Button, Popover } from '@mantine/core';
import { IconMapPin, IconPhone, IconUrgent } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { type ChartSummary, intakeQuery, type Visit } from '@/features/chart/queries';
import { PatientStrip } from '@/features/chart/strip/PatientStrip';
import { PhonesPanel } from '@/lib/directory/panels';
import { dialLink, readablePhone } from '@/lib/phone';
import { useMay, usePerson } from '@/lib/session/session';
import { useReasonName } from '@/lib/visitTypes';
import { RedFlag } from '@/ui/marks/RedFlag';
import { RelativeTime } from '@/ui/marks/RelativeTime';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import { WithAdult } from '@/ui/person/WithAdult';
import { RestrictedMark } from '@/ui/states/LockedChart';
import { EmergencyHelp } from './EmergencyHelp';
import classes from './Encounter.module.css';
import { Unlicensed } from './Unlicensed';

interface EncounterHeaderProps {
  visit: Visit;
  summary: ChartSummary;
  mine: boolean;
}

/** Who is being seen and what could hurt them, always in sight; why, since when, and where they are. */
export function EncounterHeader({ visit, summary, mine }: EncounterHeaderProps) {
  const t = useTranslations('chart.encounter');
  const said = useTranslations('chart.summary');
  const reason = useReasonName();
  const flag = useTranslations('visits/queue.flags');
  const queue = useTranslations('visits/queue.list');
  const may = useMay();
  const intake = useQuery({ ...intakeQuery(visit.id), retry: false });
  return (
    <div className={classes.top}>
      <PatientStrip summary={summary} heading pregnant={intake.data?.pregnant}>
        {visit.adult && <WithAdult adult={visit.adult} />}
        {visit.red_flags.map(({ code, level, changed_at = null, because }) => (
          <RedFlag key={code} level={level} changedAt={changed_at} because={because}>
            {flag.has(code) ? flag(code) : code}
          </RedFlag>
        ))}
      </PatientStrip>
      <div className={classes.about}>
        {visit.restricted ? (
          <RestrictedMark />
        ) : (
          <span className={classes.reason}>{reason(visit.reason_code)}</span>
        )}
        {visit.status === 'admitted' && visit.admitted_at ? (
          <span className={classes.quiet}>
            {t('admittedAgo')} <RelativeTime at={visit.admitted_at} />
          </span>
        ) : (
          <StatusBadge tone="done">{said(`visitStatus.${visit.status}`)}</StatusBadge>
        )}
        {!mine && visit.clinician && (
          <StatusBadge tone="attention">
            {t(visit.restricted ? 'othersClosed' : 'othersVisit', { name: visit.clinician.name })}
          </StatusBadge>
        )}
        {mine && <Unlicensed visit={visit} />}
        {!visit.restricted && <Whereabouts visit={visit} />}
        {!visit.restricted && visit.status === 'admitted' && (
          <EmergencyHelp visit={visit} patient={summary.patient} />
        )}
        <Link
          to="/patients/$patientId"
          params={{ patientId: visit.patient_id }}
          className={classes.quietLink}
          target="_blank"
        >
          {t('openChart')}
        </Link>
        {may('call.support') && (
          <Link to="/calls/$visitId" params={{ visitId: visit.id }} className={classes.quietLink}>
            {queue('connection')}
          </Link>
        )}
      </div>
    </div>
  );
}

/** One press away in every state of the visit: the place, the call-back number, the emergency number. */
function Whereabouts({ visit }: { visit: Visit }) {
  const t = useTranslations('chart.encounter');
  const { clinic } = usePerson();
  const emergency_number = visit.emergency_number ?? clinic.emergency_number;
  const { line, city, state, zip } = visit.location ?? {};
  const place = [city, state].filter(Boolean).join(', ') || t('whereUnknown');
  return (
    <Popover position="bottom-end" withArrow trapFocus>
      <Popover.Target>
        <Button
          variant="default"
          size="compact-md"
          leftSection={<IconMapPin size={16} aria-hidden />}
          aria-label={`${t('where')}: ${place}`}
        >
          {place}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <dl className={classes.where}>
          <dt>{t('where')}</dt>
          <dd>
            {[line, [city, state, zip].filter(Boolean).join(' ')].filter(Boolean).join(', ') ||
              t('whereUnknown')}
          </dd>
          {visit.callback_phone && (
            <>
              <dt>{t('callback')}</dt>
              <dd>
                <a href={dialLink(visit.callback_phone)}>
                  <IconPhone size={15} aria-hidden /> {readablePhone(visit.callback_phone)}
                </a>
              </dd>
            </>
          )}
          {!visit.restricted && (
            <>
              <dt>{t('otherPhones')}</dt>
              <dd>
                <PhonesPanel patientId={visit.patient_id} known={null} />
              </dd>
            </>
          )}
          {visit.clinic_location?.name && (
            <>
              <dt>{t('clinicPlace')}</dt>
              <dd>{visit.clinic_location.name}</dd>
            </>
          )}
          <dt>{t('emergency')}</dt>
          <dd>
            <a href={dialLink(emergency_number)} className={classes.emergency}>
              <IconUrgent size={15} aria-hidden /> {readablePhone(emergency_number)}
            </a>
          </dd>
        </dl>
      </Popover.Dropdown>
    </Popover>
  );
}
