import { Tabs } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { IntakePanel } from '@/features/chart/IntakePanel';
import { PrescribePanel } from '@/features/chart/prescribing/PrescribePanel';
import type { ChartSummary, Visit } from '@/features/chart/queries';
import { Sections } from '@/features/chart/sections/Sections';
import { useShortcuts } from '@/features/chart/shortcuts';
import { PatientSummary } from '@/features/chart/summary/PatientSummary';
import { VisitNote } from '@/features/chart/summary/VisitNote';
import OfClinician from '@/features/visits/people/OfClinician';
import type { Names } from '@/features/visits/people/people';
import { Kbd } from '@/ui/marks/Kbd';
import { CallPane } from './CallPane';
import classes from './Encounter.module.css';

interface SidePaneProps {
  visit: Visit;
  summary: ChartSummary;
  mine: boolean;
}

const TABS = [
  { name: 'chart', key: 'C' },
  { name: 'intake', key: 'I' },
  { name: 'prescribe', key: 'P' },
] as const;
type Tab = (typeof TABS)[number]['name'];

/** Beside the note: the call, and under it the chart, the intake and the prescriptions. */
export function SidePane({ visit, summary, mine }: SidePaneProps) {
  const t = useTranslations('chart.encounter');
  const [tab, setTab] = useState<Tab>('chart');
  const [earlier, setEarlier] = useState<string | null>(null);
  const [names, setNames] = useState<Names>({});
  // Who has the visit prescribes in it.
  const tabs = TABS.filter(({ name }) => mine || name !== 'prescribe');
  const [opened, setOpened] = useState(0);
  // Whoever goes to prescribe types a medicine next; whoever walks through the tabs by arrow stays among them.
  useEffect(() => {
    if (opened > 0) document.querySelector<HTMLElement>('[data-part="medicine"]')?.focus();
  }, [opened]);
  const open = (name: Tab) => {
    setTab(name);
    if (name === 'prescribe') setOpened((count) => count + 1);
  };
  useShortcuts(Object.fromEntries(tabs.map(({ name, key }) => [`Key${key}`, () => open(name)])));
  return (
    <>
      {mine && <CallPane visit={visit} patient={summary.patient} names={names} />}
      {!visit.restricted && (
        <OfClinician
          visitId={visit.id}
          patient={summary.patient.name}
          open={mine && visit.status === 'admitted'}
          onNames={setNames}
        />
      )}
      <Tabs value={tab} onChange={(next) => setTab(next as Tab)} className={classes.tabs}>
        <Tabs.List aria-label={t('tabs')}>
          {tabs.map(({ name, key }) => (
            <Tabs.Tab
              key={name}
              value={name}
              rightSection={<Kbd>{`Alt ${key}`}</Kbd>}
              onClick={({ detail }) => detail > 0 && open(name)}
            >
              {t(name)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="chart" className={classes.panel} tabIndex={0}>
          <PatientSummary
            summary={summary}
            visitId={visit.id}
            without={visit.id}
            editable={mine}
            onOpenVisit={setEarlier}
          />
          <Sections patientId={visit.patient_id} editable={mine} visitId={visit.id} />
        </Tabs.Panel>
        <Tabs.Panel value="intake" className={classes.panel} tabIndex={0}>
          <IntakePanel visitId={visit.id} />
        </Tabs.Panel>
        {mine && (
          <Tabs.Panel value="prescribe" className={classes.panel} tabIndex={0}>
            <PrescribePanel visitId={visit.id} patientId={visit.patient_id} />
          </Tabs.Panel>
        )}
        {earlier && <VisitNote visitId={earlier} onClose={() => setEarlier(null)} />}
      </Tabs>
    </>
  );
}
