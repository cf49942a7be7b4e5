import { useTranslations } from 'use-intl';
import { StatusBadge } from '@/ui/marks/StatusBadge';
import type { Connection, Sample } from './queries';
import classes from './Support.module.css';
import { Table } from './Table';
import { useFigures } from './useFigures';

interface Of {
  of: Connection;
}

function useRoleOf({ attempts }: Connection) {
  const t = useTranslations('visits/support.role');
  const roles = new Map(attempts.map(({ id, role }) => [id, role]));
  return (attempt: string) => t(roles.get(attempt) ?? 'guest');
}

/** Who was there when, by which kind of browser, and how it ended. */
export function Attempts({ of: connection }: Of) {
  const t = useTranslations('visits/support');
  const { browser, clock } = useFigures();
  return (
    <Table
      label={t('visit.who')}
      rows={connection.attempts}
      keyOf={({ id }) => id}
      columns={[
        { name: t('column.who'), of: ({ role }) => t(`role.${role}`) },
        { name: t('column.browser'), of: (row) => browser(row.browser) },
        { name: t('column.from'), of: ({ requested_at }) => clock(requested_at) },
        {
          name: t('column.connected'),
          of: ({ connected_at }) => (connected_at ? clock(connected_at) : t('never')),
        },
        {
          name: t('column.to'),
          of: ({ ended_at }) => (ended_at ? clock(ended_at) : t('stillThere')),
        },
        {
          name: t('column.end'),
          of: ({ end_cause }) => (end_cause ? t(`end.${end_cause}`) : '–'),
        },
      ]}
    />
  );
}

export function Drops({ of: connection }: Of) {
  const t = useTranslations('visits/support');
  const { clock, seconds } = useFigures();
  const roleOf = useRoleOf(connection);
  return (
    <Table
      label={t('visit.drops')}
      rows={connection.drops}
      keyOf={({ attempt_id, at, cause }) => `${attempt_id} ${at} ${cause}`}
      columns={[
        { name: t('column.at'), of: ({ at }) => clock(at) },
        { name: t('column.seenBy'), of: ({ attempt_id }) => roleOf(attempt_id) },
        { name: t('column.cause'), of: ({ cause }) => t(`cause.${cause}`) },
        { name: t('column.lasted'), of: ({ lasted_ms }) => seconds(lasted_ms), number: true },
        {
          name: t('column.back'),
          of: ({ recovered }) => (
            <StatusBadge tone={recovered ? 'done' : 'danger'}>
              {t(recovered ? 'cameBack' : 'cameNotBack')}
            </StatusBadge>
          ),
        },
      ]}
    />
  );
}

export function Marks({ of: connection }: Of) {
  const t = useTranslations('visits/support');
  const { clock } = useFigures();
  const roleOf = useRoleOf(connection);
  return (
    <Table
      label={t('visit.marks')}
      rows={connection.marks}
      keyOf={({ attempt_id }) => attempt_id}
      columns={[
        { name: t('column.at'), of: ({ at }) => clock(at) },
        { name: t('column.who'), of: ({ attempt_id }) => roleOf(attempt_id) },
        { name: t('column.said'), of: ({ reason }) => t(`mark.${reason}`) },
      ]}
    />
  );
}

export function Failures({ of: connection }: Of) {
  const t = useTranslations('visits/support');
  const { browser, clock } = useFigures();
  return (
    <Table
      label={t('visit.failures')}
      rows={connection.failures}
      keyOf={({ at, role, reason }) => `${at} ${role} ${reason}`}
      columns={[
        { name: t('column.at'), of: ({ at }) => clock(at) },
        { name: t('column.who'), of: ({ role }) => t(`role.${role}`) },
        { name: t('column.reason'), of: ({ reason }) => t(`failure.${reason}`) },
        { name: t('column.browser'), of: (row) => browser(row.browser) },
      ]}
    />
  );
}

/** The figures behind the lines, folded away: they are many. */
export function Samples({ of: connection }: Of) {
  const t = useTranslations('visits/support');
  const { clock, inUnit, percent } = useFigures();
  const roleOf = useRoleOf(connection);
  const { samples, thinned } = connection;
  const way = ({ path, transport }: Sample) =>
    path ? [t(`path.${path}`), transport?.toUpperCase()].filter(Boolean).join(' · ') : '–';
  return (
    <details className={classes.samples}>
      <summary>{t('visit.showSamples', { count: samples.length })}</summary>
      {thinned && <p className={classes.quiet}>{t('visit.thinned')}</p>}
      <Table
        label={t('visit.samples')}
        rows={samples}
        keyOf={({ attempt_id, from_role, at }) => `${attempt_id} ${from_role} ${at}`}
        columns={[
          { name: t('column.at'), of: ({ at }) => clock(at) },
          { name: t('column.seenBy'), of: ({ attempt_id }) => roleOf(attempt_id) },
          { name: t('column.path'), of: way },
          {
            name: t('column.loss'),
            of: ({ loss }) => percent(loss),
            number: true,
          },
          {
            name: t('column.roundTrip'),
            of: ({ round_trip_ms }) => inUnit(round_trip_ms, 'ms'),
            number: true,
          },
          {
            name: t('column.jitter'),
            of: ({ jitter_ms }) => inUnit(jitter_ms, 'ms'),
            number: true,
          },
          {
            name: t('column.received'),
            of: ({ received_kbps }) => inUnit(received_kbps, 'kbps'),
            number: true,
          },
          {
            name: t('column.sent'),
            of: ({ sent_kbps }) => inUnit(sent_kbps, 'kbps'),
            number: true,
          },
          {
            name: t('column.picture'),
            of: ({ width, height, fps }) =>
              width && height ? `${width}×${height}, ${inUnit(fps, 'fps')}` : '–',
          },
        ]}
      />
    </details>
  );
}
