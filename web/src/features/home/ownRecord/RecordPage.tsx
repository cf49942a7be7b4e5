import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { readablePhone } from '@/lib/phone';
import { latestValues, useMeasurementName } from '@/lib/terms/measurements';
import { plainDate, useTimes } from '@/lib/time/useTimes';
import { LinkRow } from '@/ui/links/LinkRow';
import { Row, Rows } from '@/ui/links/Row';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { HOME_CHANGES, type OwnRecord, recordQuery, taken } from '../record';
import { OwnSections } from '../sections/OwnSections';
import { PrescriptionRow } from './PrescriptionRow';
import classes from './RecordPage.module.css';

/** What the clinic keeps about the patient, in their words, and the way to say that it is wrong. */
export default function RecordPage() {
  const t = useTranslations('home.record');
  useLiveQueries(HOME_CHANGES);
  const record = useQuery(recordQuery);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Rows>
        <LinkRow to="/record/access" title={t('access')} detail={t('accessHint')} />
        <LinkRow to="/messages" title={t('wrong')} detail={t('wrongHint')} />
      </Rows>
      <QueryState of={record}>{(found) => <Parts record={found} />}</QueryState>
    </Page>
  );
}

function Parts({ record }: { record: OwnRecord }) {
  const t = useTranslations('home.record');
  const times = useTimes();
  const locale = useCurrentLocale();
  const prescription = useTranslations('home.prescription');
  const measurement = useMeasurementName();
  const nothing = record.nothing_known;
  return (
    <>
      <Part
        title={t('allergies')}
        none={
          nothing.allergies
            ? t('saidNoAllergies', { date: times.date(nothing.allergies) })
            : t('noAllergies')
        }
      >
        {record.allergies.map((allergy) => (
          <Row key={allergy.id} title={allergy.display} detail={allergy.reaction} />
        ))}
      </Part>
      <Part
        title={t('medicines')}
        none={
          nothing.medicines
            ? t('saidNoMedicines', { date: times.date(nothing.medicines) })
            : t('noMedicines')
        }
      >
        {taken(record).map((medicine) => (
          <Row
            key={medicine.id}
            title={medicine.display}
            detail={(locale === 'es' && medicine.dosage_es) || medicine.dosage}
          />
        ))}
      </Part>
      <Part title={prescription('title')} none={prescription('none')}>
        {record.prescriptions
          .filter(({ signed_at }) => signed_at)
          .map((item) => (
            <PrescriptionRow key={item.id} of={item} />
          ))}
      </Part>
      <Part title={t('problems')} none={t('noProblems')}>
        {record.problems.map((problem) => (
          <Row
            key={problem.id}
            title={problem.plain ? upperFirst(problem.plain[locale]) : problem.display}
            detail={<ProblemDetail of={problem} />}
          />
        ))}
      </Part>
      <Part title={t('measurements')} none={t('noMeasurements')}>
        {latestValues(record.vitals).map(({ code, value, at }) => (
          <Row
            key={code}
            title={measurement(code)}
            detail={times.date(at)}
            aside={<span className={classes.value}>{value}</span>}
          />
        ))}
      </Part>
      <OwnSections />
      <Person of={record.patient} />
    </>
  );
}

/** The clinician's name for it, or that the title is that name, for want of a plain one; and since when. */
function ProblemDetail({ of: problem }: { of: OwnRecord['problems'][number] }) {
  const t = useTranslations('home.record');
  const locale = useCurrentLocale();
  const facts = [
    problem.plain ? problem.display : locale !== 'en' && t('inEnglish'),
    problem.since && t('since', { year: problem.since.slice(0, 4) }),
    problem.status === 'resolved' && t('resolved'),
  ];
  return facts.filter(Boolean).join(' · ');
}

const upperFirst = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A list with its heading; what there is none of is said, so that it is no open question. */
function Part({ title, none, children }: { title: string; none: string; children: ReactNode[] }) {
  return (
    <Section title={title}>
      {children.length > 0 ? <Rows>{children}</Rows> : <p className={classes.none}>{none}</p>}
    </Section>
  );
}

function Person({ of: patient }: { of: OwnRecord['patient'] }) {
  const t = useTranslations('home.record');
  const locale = useCurrentLocale();
  const facts = [
    [t('name'), patient.name],
    [t('born'), plainDate(patient.birth_date, locale)],
    [t('phone'), patient.phone && readablePhone(patient.phone)],
    [t('email'), patient.email],
    [t('number'), patient.mrn],
  ].filter(([, value]) => value);
  return (
    <Section title={t('person')}>
      <dl className={classes.facts}>
        {facts.map(([label, value]) => (
          <div key={label} className={classes.fact}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
