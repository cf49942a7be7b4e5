import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { plainYear } from '../dates';
import { allergyDraft, medicineDraft } from '../outbox/editing';
import type { ChartSummary } from '../queries';
import { AddProblem } from './AddProblem';
import { useChartActions } from './actions';
import { Measurements } from './Measurements';
import { NamedPart } from './NamedPart';
import { Part, type PartOf } from './Part';
import { RecordLine } from './RecordLine';
import classes from './Summary.module.css';
import { VisitLines } from './VisitLines';

interface PatientSummaryProps {
  summary: ChartSummary;
  /** The visit that facts added here belong to. */
  visitId?: string;
  /** A visit that is on screen anyway and not listed as an earlier one. */
  without?: string;
  editable: boolean;
  onOpenVisit?: (visitId: string) => void;
}

/** The chart at a glance, in one column: what could hurt first, then what is, then what was. */
export function PatientSummary(props: PatientSummaryProps) {
  const { summary, visitId = null, without, editable, onOpenVisit } = props;
  const part = { summary, editable, visitId };
  return (
    <div className={classes.summary}>
      <Allergies {...part} />
      <Medicines {...part} />
      <Problems {...part} />
      <Measurements {...part} />
      <Prescriptions summary={summary} />
      <VisitLines visits={summary.visits.filter(({ id }) => id !== without)} onOpen={onOpenVisit} />
    </div>
  );
}

export function Allergies({ summary, editable, visitId }: PartOf) {
  const t = useTranslations('chart.summary');
  const times = useTimes();
  const told = summary.nothing_known.allergies;
  const { add, change } = useChartActions(summary.patient.id);
  return (
    <NamedPart
      title={t('allergies')}
      none={told ? t('noKnownAllergies', { date: times.date(told) }) : t('noAllergies')}
      editable={editable}
      draft={allergyDraft(summary.patient.id)}
      keeps={{ patientId: summary.patient.id, part: 'allergies' }}
      add={{ label: t('addAllergy'), name: t('allergyName'), second: t('reaction') }}
      onAdd={(display, reaction) =>
        add(display, {
          part: 'allergies',
          body: {
            display,
            reaction: reaction || null,
            criticality: 'unable-to-assess',
            active: true,
            visit_id: visitId,
          },
        })
      }
    >
      {summary.allergies.map((each) => (
        <RecordLine
          key={each.id}
          id={each.id}
          version={each.version}
          patientId={summary.patient.id}
          name={each.display}
          detail={each.reaction}
          source={each.source}
          danger
          editable={editable}
          onConfirm={() =>
            change(each.display ?? '', each.id, each.version, { part: 'allergies', body: {} })
          }
        />
      ))}
    </NamedPart>
  );
}

type Medicine = ChartSummary['medicines'][number];

/** Whether the course is over: the safety check counts it as taken until the same moment. */
const sorted = (all: readonly Medicine[]) => [
  ...all.filter((each) => !ended(each)),
  ...all.filter(ended),
];

const ended = ({ ends_at }: Medicine) => ends_at !== null && Date.parse(ends_at) <= Date.now();

export function Medicines({ summary, editable, visitId }: PartOf) {
  const t = useTranslations('chart.summary');
  const times = useTimes();
  const told = summary.nothing_known.medicines;
  const { add, change } = useChartActions(summary.patient.id);
  return (
    <NamedPart
      title={t('medicines')}
      none={told ? t('takesNoMedicines', { date: times.date(told) }) : t('noMedicines')}
      editable={editable}
      draft={medicineDraft(summary.patient.id)}
      keeps={{ patientId: summary.patient.id, part: 'medicines' }}
      add={{ label: t('addMedicine'), name: t('medicineName'), second: t('dosage') }}
      onAdd={(display, dosage) =>
        add(display, {
          part: 'medicines',
          body: { display, dosage: dosage || null, status: 'active', visit_id: visitId },
        })
      }
    >
      {sorted(summary.medicines).map((each) => {
        const own = each.type === 'MedicationStatement';
        const set = (status: { status?: 'stopped' }) =>
          change(each.display ?? '', each.id, each.version, { part: 'medicines', body: status });
        return (
          <RecordLine
            key={each.id}
            id={each.id}
            version={each.version}
            patientId={summary.patient.id}
            name={each.display}
            detail={[
              each.dosage,
              ended(each) && t('endedOn', { date: times.date(each.ends_at ?? '') }),
            ]
              .filter(Boolean)
              .join(' · ')}
            source={each.source}
            editable={editable}
            {...(own && { onConfirm: () => set({}) })}
            {...(!ended(each) && {
              onEnd: { label: t('stop'), run: () => set({ status: 'stopped' }) },
            })}
          />
        );
      })}
    </NamedPart>
  );
}

export function Problems({ summary, editable, visitId }: PartOf) {
  const t = useTranslations('chart.summary');
  const { add, change } = useChartActions(summary.patient.id);
  return (
    <Part
      title={t('problems')}
      keeps={{ patientId: summary.patient.id, part: 'problems' }}
      none={t('noProblems')}
      {...(editable && {
        add: {
          label: t('addProblem'),
          form: (close) => (
            <AddProblem
              close={close}
              onAdd={({ code, display }) =>
                add(display, {
                  part: 'problems',
                  body: { code, active: true, visit_id: visitId },
                })
              }
            />
          ),
        },
      })}
    >
      {summary.problems.map((each) => {
        const active = each.status === 'active';
        const set = (next: { active?: boolean }) =>
          change(each.display ?? '', each.id, each.version, { part: 'problems', body: next });
        return (
          <RecordLine
            key={each.id}
            id={each.id}
            version={each.version}
            patientId={summary.patient.id}
            name={each.display}
            detail={[
              each.code,
              each.since && t('since', { year: plainYear(each.since) }),
              !active && t('resolved'),
            ]
              .filter(Boolean)
              .join(' · ')}
            source={each.source}
            editable={editable}
            onConfirm={() => set({})}
            onEnd={
              active
                ? { label: t('resolve'), run: () => set({ active: false }) }
                : { label: t('reopen'), run: () => set({ active: true }) }
            }
          />
        );
      })}
    </Part>
  );
}

export function Prescriptions({ summary }: { summary: ChartSummary }) {
  const t = useTranslations('chart.summary');
  return (
    <Part title={t('prescriptions')} none={t('noPrescriptions')}>
      {summary.prescriptions.map((each) => (
        <li key={each.id} className={classes.item}>
          <span className={classes.words}>
            <span className={classes.name}>{each.drug}</span>
            <span className={classes.below}>{each.sig}</span>
          </span>
          <span className={classes.detail}>
            {t.has(`rx.${each.status}`) ? t(`rx.${each.status}`) : each.status}
          </span>
        </li>
      ))}
    </Part>
  );
}
