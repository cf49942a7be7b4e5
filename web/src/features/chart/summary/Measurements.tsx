import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { useMeasurementName } from '../note/editor/VitalsEditor';
import { measurementsQuery } from '../queries';
import { shown, shownText, unitName } from '../units';
import { AddVital } from './AddVital';
import { useChartActions } from './actions';
import { type Line, lines } from './bloodPressure';
import { Part, type PartOf } from './Part';
import classes from './Summary.module.css';
import { Trend } from './Trend';

/** Vital signs and results: the latest value of each, when it was, and how it went before. */
export function Measurements({ summary, editable, visitId }: PartOf) {
  const t = useTranslations('chart.summary');
  const { add } = useChartActions(summary.patient.id);
  const form = (close: () => void) => (
    <AddVital
      patientId={summary.patient.id}
      visitId={visitId}
      close={close}
      onAdd={(body) => add.mutateAsync({ kind: 'vitals', body })}
    />
  );
  return (
    <>
      <Part
        title={t('vitals')}
        none={t('noVitals')}
        {...(editable && { add: { label: t('addVital'), form } })}
      >
        {lines(summary.vitals).map((each) => (
          <MeasurementLine key={each.of.code} {...each} />
        ))}
      </Part>
      <Part title={t('results')} none={t('noResults')}>
        {summary.results.map((each) => (
          <MeasurementLine key={each.code} of={each} />
        ))}
      </Part>
    </>
  );
}

function MeasurementLine({ of, with: other }: Line) {
  const t = useTranslations('chart.summary');
  const times = useTimes();
  const name = useMeasurementName();
  const measurements = useQuery(measurementsQuery).data ?? [];
  const [latest] = of.points;
  if (!latest) return null;
  const unit = measurements.find(({ code }) => code === of.code)?.unit ?? of.unit;
  const below = other?.points[0];
  const value = [latest, ...(below ? [below] : [])].map((each) => shownText(each, unit)).join('/');
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
      <Trend values={of.points.map((point) => shown(point.value, unit))} />
      <span className={classes.value}>
        {value} {unitName(unit)}
      </span>
    </li>
  );
}
