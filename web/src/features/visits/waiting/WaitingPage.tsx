import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { useLiveQueries } from '@/lib/live/useLive';
import { usePresence } from '@/lib/presence/usePresence';
import { arriving } from '@/lib/routing/notLoaded';
import { useParam } from '@/lib/routing/useParam';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { PageState } from '@/ui/states/PageState';
import { PageSkeleton } from '@/ui/states/Skeletons';
import { type Waiting, waitingQuery } from '../model';
import { Away } from './Away';
import { Ended } from './Ended';
import { InLine } from './InLine';
import { usePlace } from './usePlace';
import { useTurn } from './useTurn';
import { YourTurn } from './YourTurn';

/** Only for those who booked a time and came early. */
const Booked = lazy(arriving(() => import('./Booked')));

/** Only at the visits of children. */
const AdultThere = lazy(
  arriving(async () => {
    const [module] = await Promise.all([
      import('./AdultThere'),
      catalogues.load('profile/relations'),
    ]);
    return module;
  }),
);

/** The waiting room: whatever the clinic sees and does is here within a second. */
export default function WaitingPage() {
  const visitId = useParam('visitId');
  const query = useQuery(waitingQuery(visitId));
  useLiveQueries({ 'visit.changed': ['visits', visitId] });
  usePlace(visitId);
  return <PageState of={query}>{(waiting) => <Room waiting={waiting} />}</PageState>;
}

const SITS_HERE = new Set(['intake', 'waiting', 'admitted']);
const AWAKE: Partial<Record<string, 'visit' | 'waiting'>> = {
  intake: 'visit',
  waiting: 'waiting',
  admitted: 'waiting',
};

function Room({ waiting }: { waiting: Waiting }) {
  const { visit } = waiting;
  usePresence(SITS_HERE.has(visit.status) ? `/api/visits/${visit.id}` : null);
  useHeldAwake(AWAKE[visit.status] ?? null);
  useTurn(visit);
  const adult = visit.adult && (
    <Suspense>
      <AdultThere visit={visit} />
    </Suspense>
  );
  switch (visit.status) {
    case 'intake':
      if (!visit.intake_done_at) {
        return <Navigate to="/visit/$visitId/intake" params={{ visitId: visit.id }} replace />;
      }
      return (
        <Suspense fallback={<PageSkeleton />}>
          <Booked waiting={waiting}>{adult}</Booked>
        </Suspense>
      );
    case 'waiting':
      return <InLine waiting={waiting}>{adult}</InLine>;
    case 'admitted':
      return <YourTurn visit={visit} />;
    case 'left':
      return <Away visit={visit} />;
    default:
      return <Ended visit={visit} />;
  }
}
