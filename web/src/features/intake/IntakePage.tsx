import { Navigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { usePresence } from '@/lib/presence/usePresence';
import { useParam } from '@/lib/routing/useParam';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { PageState } from '@/ui/states/PageState';
import { useFollowing } from './draft/useFollowing';
import { type Loaded, useIntake, useIntakeStore, useStoreState } from './draft/useIntake';
import { Flow } from './flow/Flow';

/** What the clinic needs to know before the visit, one thing a screen. */
export default function IntakePage() {
  const visitId = useParam('visitId');
  const query = useIntake(visitId);
  return <PageState of={query}>{(loaded) => <OpenIntake key={visitId} {...loaded} />}</PageState>;
}

function OpenIntake({ intake, redFlags, kept }: Loaded) {
  const store = useIntakeStore({ intake, redFlags, kept });
  const state = useStoreState(store);
  const status = useFollowing(intake);
  useHeldAwake(status === 'intake' ? 'visit' : null);
  usePresence(status === 'intake' ? `/api/visits/${intake.visit_id}` : null);
  if (status !== 'intake') {
    return <Navigate to="/visit/$visitId/waiting" params={{ visitId: intake.visit_id }} replace />;
  }
  return state.closed ? (
    <Closed visitId={intake.visit_id} />
  ) : (
    <Flow intake={intake} redFlags={redFlags} store={store} state={state} />
  );
}

/** The form was sent already, perhaps from another device. */
function Closed({ visitId }: { visitId: string }) {
  const t = useTranslations('intake.closed');
  return (
    <Page title={t('title')} lead={t('lead')}>
      <LinkButton to="/visit/$visitId/waiting" params={{ visitId }}>
        {t('waiting')}
      </LinkButton>
    </Page>
  );
}
