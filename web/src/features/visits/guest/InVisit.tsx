import { Button, Stack, Text } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useEffectEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { LiveProvider } from '@/lib/live/LiveProvider';
import { useLiveQueries } from '@/lib/live/useLive';
import { keepAlive } from '@/lib/session/ending';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { Page } from '@/ui/page/Page';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { ListSkeleton } from '@/ui/states/Skeletons';
import { CallRoom } from '../call/CallRoom';
import classes from './Guest.module.css';
import { openLink, type Place, type Why } from './link';

const DevicePanel = lazy(() => import('./DevicePanel').catch(() => ({ default: () => null })));

/** Often enough that no time-out comes while the page is open; a guest has nothing to touch while they listen. */
const KEEP_ALIVE_MS = 5 * 60_000;

interface InVisitProps {
  slug: string;
  token: string;
  first: Place;
  /** The newest live message when the guest came in. */
  after: number;
  onOver: (why: Why) => void;
}

/** A guest who has come in: waiting to be let in, and then in the call. */
export function InVisit(props: InVisitProps) {
  useEffect(() => {
    const timer = setInterval(() => void keepAlive(), KEEP_ALIVE_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <LiveProvider after={props.after}>
      <Standing {...props} />
    </LiveProvider>
  );
}

const placeQuery = ['guest', 'place'] as const;

function Standing({ slug, token, first, onOver }: InVisitProps) {
  const client = useQueryClient();
  const [calls, setCalls] = useState(0);
  const { data = first, error } = useQuery({
    queryKey: placeQuery,
    queryFn: () => take(api.GET('/api/guest')),
    initialData: first,
  });
  useLiveQueries({ 'guest.changed': placeQuery, 'session.ended': placeQuery });
  const gone = error instanceof ApiProblem && error.status === 401;
  const ask = useEffectEvent(async () => {
    // The session is over: the link itself says why. A session that another tab took over is mended by it.
    const opened = await openLink(slug, token);
    if (opened.to === 'place') {
      client.setQueryData(placeQuery, opened.place);
    } else if (opened.to === 'nowhere') {
      onOver(opened.why);
    }
  });
  useEffect(() => {
    if (gone) void ask().catch(() => undefined);
  }, [gone]);

  const left = async () => {
    await api.POST('/api/guest/leave').catch(() => undefined);
    onOver('left');
  };
  // Before the mirror once more: to go in again, or to leave for good.
  const again = () => {
    setCalls((count) => count + 1);
    void client.invalidateQueries({ queryKey: placeQuery });
  };
  if (data.status !== 'admitted') return <Waiting place={data} onLeave={left} />;
  return <Call key={calls} place={data} onBack={again} onLeave={left} />;
}

interface PlaceProps {
  place: Place;
  onLeave: () => Promise<void>;
}

function Waiting({ place, onLeave }: PlaceProps) {
  const t = useTranslations('visits/guest.waiting');
  const root = useTranslations('visits/guest');
  return (
    <Page title={t('title')} tabTitle={root('tab')}>
      <Stack>
        <Text role="status">
          {place.agreed ? t('agreed', { clinician: place.clinician ?? t('someone') }) : t('asked')}
        </Text>
        <Text c="dimmed">{t('as', { name: place.name, kind: root(`kinds.${place.kind}`) })}</Text>
        <Check />
        <LeaveButton onLeave={onLeave} />
      </Stack>
    </Page>
  );
}

/** Trying camera and microphone while one waits. */
function Check() {
  const t = useTranslations('visits/guest.devices');
  const [checking, setChecking] = useState(false);
  if (!checking)
    return (
      <Button variant="default" onClick={() => setChecking(true)}>
        {t('check')}
      </Button>
    );
  return (
    <Suspense fallback={<ListSkeleton />}>
      <DevicePanel onClose={() => setChecking(false)} />
    </Suspense>
  );
}

function Call({ place, onBack, onLeave }: PlaceProps & { onBack: () => void }) {
  const t = useTranslations('visits/guest');
  usePageTitle(t('tab'));
  const names = Object.fromEntries(
    place.companions.map(({ account_id, name, kind }) => [
      account_id,
      kind ? `${name} (${t(`kinds.${kind}`)})` : name,
    ]),
  );
  return (
    <div className={classes.call}>
      <h1 className="visually-hidden" tabIndex={-1} data-page-heading>
        {t('tab')}
      </h1>
      <CallRoom
        visitId={place.visit_id}
        join={() => take(api.POST('/api/guest/join'))}
        onLeft={onBack}
        nameOf={(role, id = '') =>
          names[id] ?? { clinician: place.clinician, patient: t('patient'), guest: null }[role]
        }
        awaited="clinician"
        variant="page"
        guest
        beforeJoin={() => (
          <div className={classes.before}>
            <h2 className={classes.means}>{t('admitted.title')}</h2>
            <Text>{t('admitted.lead')}</Text>
            <LeaveButton onLeave={onLeave} />
          </div>
        )}
      />
    </div>
  );
}

function LeaveButton({ onLeave }: { onLeave: () => Promise<void> }) {
  const t = useTranslations('visits/guest.admitted');
  return (
    <ConfirmButton
      variant="subtle"
      className={classes.leave ?? ''}
      danger
      question={t('question')}
      consequence={t('consequence')}
      confirm={t('leave')}
      onConfirm={onLeave}
    >
      {t('leave')}
    </ConfirmButton>
  );
}
