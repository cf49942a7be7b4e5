import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { type ChartSummary, summaryQuery, type Visit, visitQuery } from '@/features/chart/queries';
import { useLiveQueries } from '@/lib/live/useLive';
import { useParam } from '@/lib/routing/useParam';
import { usePerson } from '@/lib/session/session';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { PageState } from '@/ui/states/PageState';
import classes from './Encounter.module.css';
import { EncounterHeader } from './EncounterHeader';
import { NotePane } from './NotePane';
import { SidePane } from './SidePane';
import { SplitPanes } from './SplitPanes';

/** The visit as its clinician works in it: video and chart on one side, the note on the other. */
export default function EncounterPage() {
  const t = useTranslations('chart.encounter');
  const visitId = useParam('visitId');
  usePageTitle(t('tab'));
  const visit = useQuery(visitQuery(visitId));
  useLiveQueries({ 'visit.changed': visitQuery(visitId).queryKey });
  return (
    <PageState of={visit}>
      {(found) => (found.clinician ? <Encounter visit={found} /> : <NotAdmitted />)}
    </PageState>
  );
}

/** The chart tells whom the visit is with: until it is there, nothing can be pressed. */
function Encounter({ visit }: { visit: Visit }) {
  const patientId = visit.patient_id;
  const summary = useQuery(summaryQuery(patientId));
  useLiveQueries({
    'chart.changed': ['patient', patientId],
    'note.signed': ['patient', patientId],
    'prescription.changed': ['patient', patientId],
  });
  return (
    <UnlessLocked of={summary} page>
      <PageState of={summary}>
        {(found) => <Opened key={patientId} visit={visit} summary={found} />}
      </PageState>
    </UnlessLocked>
  );
}

function Opened({ visit, summary }: { visit: Visit; summary: ChartSummary }) {
  const mine = visit.clinician?.id === usePerson().account_id;
  useHeldAwake(mine && visit.status === 'admitted' ? 'visit' : null);
  return (
    <div className={classes.encounter}>
      <EncounterHeader visit={visit} summary={summary} mine={mine} />
      <SplitPanes
        side={<SidePane visit={visit} summary={summary} mine={mine} />}
        main={<NotePane visit={visit} summary={summary} mine={mine} />}
      />
    </div>
  );
}

function NotAdmitted() {
  const t = useTranslations('chart.encounter');
  return (
    <Page title={t('notAdmitted')} lead={t('notAdmittedHint')}>
      <LinkButton to="/queue" w="fit-content">
        {t('toQueue')}
      </LinkButton>
    </Page>
  );
}
