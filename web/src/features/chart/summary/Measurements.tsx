import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { useMeasurementName } from '../note/VitalsEditor';
import { type ChartSummary, measurementsQuery } from '../queries';
import { shown, unitName } from '../units';
import { Part } from './Part';
import classes from './Summary.module.css';
import { Trend } from './Trend';

const SYSTOLIC = '8480-6';
const DIASTOLIC = '8462-4';

type Measured = ChartSummary['vitals'][number];

/** Vital signs and results: the latest value of each, when it was, and how it went before. */
export function Measurements({ summary }: { summary: ChartSummary }) {
  const t = useTranslations('chart.summary');
  return (
    <>
      <Part title={t('vitals')} none={t('noVitals')}>
        {lines(summary.vitals).map((each) => (
          <MeasurementLine key={each.code} of={each} with={paired(each, summary.vitals)} />
        ))}
      </Part>
      <Part title={t('results')} none={t('noResults')}>
        {lines(summary.results).map((each) => (
          <MeasurementLine key={each.code} of={each} />
        ))}
      </Part>
    </>
  );
}

/** Systolic and diastolic are one line. */
const lines = (all: readonly Measured[]) => all.filter(({ code }) => code !== DIASTOLIC);
const paired = (each: Measured, all: readonly Measured[]) =>
  each.code === SYSTOLIC ? all.find(({ code }) => code === DIASTOLIC) : undefined;

function MeasurementLine({ of, with: other }: { of: Measured; with?: Measured | undefined }) {
  const t = useTranslations('chart.summary');
  const times = useTimes();
  const name = useMeasurementName();
  const measurements = useQuery(measurementsQuery).data ?? [];
  const [latest] = of.points;
  if (!latest) return null;
  const unit = measurements.find(({ code }) => code === of.code)?.unit ?? of.unit;
  const read = (value: number) => shown(value, unit);
  const below = other?.points[0];
  const value = below ? `${read(latest.value)}/${read(below.value)}` : read(latest.value);
  return (
    <li className={classes.item}>
      <span className={classes.words}>
        {other ? t('bloodPressure') : name(measurements.find(({ code }) => code === of.code))}
        <span className={classes.below}>
          {times.date(latest.at)}
          {latest.source === 'patient' && (
            <span className={classes.source}> · {t('patientReported')}</span>
          )}
        </span>
      </span>
      <Trend values={of.points.map((point) => read(point.value))} />
      <span className={classes.value}>
        {value} {unitName(unit)}
      </span>
    </li>
  );
}
