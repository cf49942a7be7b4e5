import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import {
  type Bar,
  barOf,
  dropBar,
  type Figure,
  linesOf,
  pathOfLine,
  place,
  spanOf,
  topOf,
} from './lanes';
import type { Attempt, Connection } from './queries';
import classes from './Support.module.css';
import { type Unit, useFigures } from './useFigures';

const WIDTH = 1000;
const LANE = 64;
const PEOPLE = 18;

interface LaneOf {
  figure: Figure;
  bad: number;
  unit: Unit | null;
}

/** What a lane shows, and the value that is already bad, which its top is at least. */
const LANES = [
  { figure: 'loss', bad: 0.1, unit: null },
  { figure: 'round_trip_ms', bad: 400, unit: 'ms' },
  { figure: 'received_kbps', bad: 500, unit: 'kbps' },
  { figure: 'fps', bad: 30, unit: 'fps' },
] as const satisfies readonly LaneOf[];

const ROLES = ['patient', 'clinician', 'guest'] as const;

interface PictureProps {
  connection: Connection;
  now: number;
}

/**
 * A visit's calls over time: who was there, where it dropped, and what each side received. All of it also stands in
 * the tables beneath, so for a screen reader this is one image with a sentence.
 */
export function Picture({ connection, now }: PictureProps) {
  const t = useTranslations('visits/support.picture');
  const times = useTimes();
  const span = spanOf(connection, now);
  if (!span) return null;
  const roles = ROLES.filter((role) => connection.attempts.some((each) => each.role === role));
  const minutes = Math.round((span.to - span.from) / 60_000);
  const label = t('label', { minutes, drops: connection.drops.length });
  return (
    <figure className={classes.picture} role="img" aria-label={label}>
      {roles.map((role) => (
        <People key={role} role={role} connection={connection} now={now} />
      ))}
      {LANES.map(({ figure, ...lane }) => (
        <Lane key={figure} figure={figure} {...lane} connection={connection} now={now} />
      ))}
      <div className={classes.axis}>
        <span>{times.time(new Date(span.from))}</span>
        <span>{times.time(new Date((span.from + span.to) / 2))}</span>
        <span>{times.time(new Date(span.to))}</span>
      </div>
      <figcaption className={classes.legend}>
        <span data-key="patient">{t('seenBy.patient')}</span>
        <span data-key="clinician">{t('seenBy.clinician')}</span>
        <span data-key="drop">{t('drop')}</span>
        {connection.marks.length > 0 && <span data-key="mark">{t('mark')}</span>}
      </figcaption>
    </figure>
  );
}

interface RowProps extends PictureProps {
  role: (typeof ROLES)[number];
}

const rect = ({ from, to }: Bar) => ({
  x: from * WIDTH,
  width: Math.max(3, (to - from) * WIDTH),
});

/** When somebody of this role was there, with gaps where they dropped. */
function People({ role, connection, now }: RowProps) {
  const t = useTranslations('visits/support');
  const span = spanOf(connection, now);
  if (!span) return null;
  const own = connection.attempts.filter((each) => each.role === role);
  const ids = new Set(own.map(({ id }) => id));
  return (
    <div className={classes.lane}>
      <span className={classes.laneName}>{t(`role.${role}`)}</span>
      <svg
        viewBox={`0 0 ${WIDTH} ${PEOPLE}`}
        preserveAspectRatio="none"
        className={classes.people}
        aria-hidden
      >
        {own.map((attempt) => (
          <rect
            key={attempt.id}
            {...rect(barOf(attempt, span, now))}
            y={3}
            height={PEOPLE - 6}
            data-role={role}
          />
        ))}
        {connection.drops
          .filter((drop) => ids.has(drop.attempt_id))
          .map((drop) => (
            <rect
              key={`${drop.attempt_id} ${drop.at} ${drop.cause}`}
              {...rect(dropBar(drop, span))}
              y={0}
              height={PEOPLE}
              data-drop={drop.cause}
            />
          ))}
        {connection.marks
          .filter((mark) => ids.has(mark.attempt_id))
          .map((mark) => (
            <rect
              key={mark.attempt_id}
              x={Math.min(WIDTH - 6, place(Date.parse(mark.at), span) * WIDTH)}
              y={0}
              width={6}
              height={PEOPLE}
              data-mark
            />
          ))}
      </svg>
    </div>
  );
}

function Lane({ figure, bad, unit, connection, now }: PictureProps & LaneOf) {
  const t = useTranslations('visits/support.picture');
  const { percent, inUnit } = useFigures();
  const span = spanOf(connection, now);
  if (!span) return null;
  const of = (wanted: (attempt: Attempt) => boolean) =>
    new Set(connection.attempts.filter(wanted).map(({ id }) => id));
  const sides = [
    { side: 'clinician', ids: of(({ role }) => role === 'clinician') },
    { side: 'patient', ids: of(({ role }) => role !== 'clinician') },
  ].map(({ side, ids }) => ({ side, lines: linesOf(connection.samples, ids, figure, span) }));
  const top = topOf(
    sides.flatMap(({ lines }) => lines),
    bad,
  );
  return (
    <div className={classes.lane}>
      <span className={classes.laneName}>
        {t(`figure.${figure}`)}
        <small>{t('top', { value: unit ? inUnit(top, unit) : percent(top) })}</small>
      </span>
      <svg
        viewBox={`0 0 ${WIDTH} ${LANE}`}
        preserveAspectRatio="none"
        className={classes.chart}
        aria-hidden
      >
        <line x1={0} x2={WIDTH} y1={LANE / 2} y2={LANE / 2} />
        {sides.map(({ side, lines }) =>
          lines.map((line) => (
            <path
              key={`${side} ${line[0]?.x}`}
              d={pathOfLine(line, top, WIDTH, LANE)}
              data-side={side}
            />
          )),
        )}
      </svg>
    </div>
  );
}
