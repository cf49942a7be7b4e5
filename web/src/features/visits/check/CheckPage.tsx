import { useQuery } from '@tanstack/react-query';
import { Navigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { usePresence } from '@/lib/presence/usePresence';
import { useParam } from '@/lib/routing/useParam';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { type Visit, waitingQuery } from '../model';
import { useTurn } from '../waiting/useTurn';
import { CheckParts } from './CheckParts';

const MAY_CHECK = new Set(['intake', 'waiting', 'left']);

/** Devices and network tried before the visit. Whoever waits still waits here, and is called when it is their turn. */
export default function CheckPage() {
  const visitId = useParam('visitId');
  const query = useQuery(waitingQuery(visitId));
  useLiveQueries({ 'visit.changed': ['visits', visitId] });
  return <PageState of={query}>{({ visit }) => <Checking visit={visit} />}</PageState>;
}

function Checking({ visit }: { visit: Visit }) {
  const t = useTranslations('visits/check');
  const waits = visit.status === 'waiting';
  usePresence(waits || visit.status === 'intake' ? `/api/visits/${visit.id}` : null);
  useHeldAwake(waits ? 'waiting' : 'visit');
  useTurn(visit);
  if (!MAY_CHECK.has(visit.status)) {
    return <Navigate to="/visit/$visitId/waiting" params={{ visitId: visit.id }} replace />;
  }
  return (
    <Page title={t('title')} lead={t(waits ? 'leadWaiting' : 'lead')}>
      <CheckParts visitId={visit.id}>
        <LinkButton
          to="/visit/$visitId/waiting"
          params={{ visitId: visit.id }}
          variant="default"
          size="md"
        >
          {t(waits ? 'backToWaiting' : 'back')}
        </LinkButton>
      </CheckParts>
    </Page>
  );
}
