import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { MeasuredButton } from '../history/MeasuredButton';
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
  const measurements = useQuery(measurementsQuery).data ?? [];
  const measurementName = useMeasurementName();
  const nameOf = (code: string) =>
    measurementName(measurements.find((each) => each.code === code)) ?? code;
  const line = { patientId: summary.patient.id, editable };
  const form = (close: () => void) => (
    <AddVital
      patientId={summary.patient.id}
      visitId={visitId}
      close={close}
      onAdd={({ taken_at = new Date().toISOString(), ...body }) =>
        add(nameOf(body.code), { part: 'vitals', body: { ...body, taken_at } })
      }
    />
  );
  return (
    <>
      <Part
        title={t('vitals')}
        keeps={{ patientId: summary.patient.id, part: 'vitals' }}
        none={t('noVitals')}
        {...(editable && { add: { label: t('addVital'), form } })}
      >
        {lines(summary.vitals).map((each) => (
          <MeasurementLine key={each.of.code} {...each} {...line} />
        ))}
      </Part>
      <Part title={t('results')} none={t('noResults')}>
        {summary.results.map((each) => (
          <MeasurementLine key={each.code} of={each} {...line} />
        ))}
      </Part>
    </>
  );
}

interface MeasurementLineProps extends Line {
  patientId: string;
  editable: boolean;
}

function MeasurementLine({ of, with: other, patientId, editable }: MeasurementLineProps) {
  const t = useTranslations('chart.summary');
  const times = useTimes();
  const name = useMeasurementName();
  const measurements = useQuery(measurementsQuery).data ?? [];
  const [latest] = of.points;
  if (!latest) return null;
  const term = (code: string) => measurements.find((each) => each.code === code);
  const unit = term(of.code)?.unit ?? of.unit;
  const below = other?.points[0];
  const value = [latest, ...(below ? [below] : [])].map((each) => shownText(each, unit)).join('/');
  const title = other ? t('bloodPressure') : (name(term(of.code)) ?? of.code);
  const codes = [of, ...(other ? [other] : [])].map(({ code }) => ({
    code,
    name: name(term(code)) ?? code,
    unit: term(code)?.unit ?? null,
  }));
  return (
    <li className={classes.item}>
      <span className={classes.words}>
        {title}
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
      <MeasuredButton patientId={patientId} name={title} codes={codes} editable={editable} />
    </li>
  );
}
