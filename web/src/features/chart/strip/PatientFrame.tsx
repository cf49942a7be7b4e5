import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useLiveQueries } from '@/lib/live/useLive';
import { useParam } from '@/lib/routing/useParam';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { PageState } from '@/ui/states/PageState';
import { type ChartSummary, summaryQuery } from '../queries';
import { PatientStrip } from './PatientStrip';

interface PatientFrameProps {
  /** Whether the patient's name is the heading of what stands beneath. */
  heading?: boolean;
  children: (summary: ChartSummary) => ReactNode;
}

/** A page about the patient of the address, under their strip. Nothing can be pressed before it is known for whom. */
export function PatientFrame({ heading = false, children }: PatientFrameProps) {
  const patientId = useParam('patientId');
  const summary = useQuery(summaryQuery(patientId));
  useLiveQueries({
    'chart.changed': ['patient', patientId],
    'note.signed': ['patient', patientId],
    'prescription.changed': ['patient', patientId],
  });
  return (
    <UnlessLocked of={summary} page>
      <PageState of={summary}>
        {(found) => (
          <>
            <PatientStrip summary={found} heading={heading} />
            {children(found)}
          </>
        )}
      </PageState>
    </UnlessLocked>
  );
}
