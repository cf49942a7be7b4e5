import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { Ending } from '@/lib/call/state';
import { catalogues } from '@/lib/i18n/catalogues';
import { useLiveQueries } from '@/lib/live/useLive';
import { readablePhone } from '@/lib/phone';
import { useParam } from '@/lib/routing/useParam';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { LinkButton } from '@/ui/links/LinkButton';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { PageState } from '@/ui/states/PageState';
import classes from './CallPage.module.css';
import { CallRoom } from './CallRoom';
import { joinVisit } from './join';
import { SignInFirst } from './SignInFirst';
import { type Whereabouts, WhereNow } from './WhereNow';

/** The visit goes on without it. */
const MyPhone = lazy(() => import('../phone/MyPhone').catch(() => ({ default: () => null })));

type Visit = components['schemas']['VisitOut'];

/** Comes after the page: most visits have no guest, and a call goes on without it. */
const People = lazy(() =>
  Promise.all([import('../people/OfPatient'), catalogues.load('visits/people')])
    .then(([module]) => module)
    .catch(() => ({ default: () => null })),
);

/** The patient's side of the call: where am I now, how do I look, and in. */
export default function CallPage() {
  const t = useTranslations('visits.call');
  const visitId = useParam('visitId');
  usePageTitle(t('tabTitle'));
  const visit = useQuery({
    queryKey: ['visit', visitId],
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}', { params: { path: { visit_id: visitId } } })),
  });
  useLiveQueries({ 'visit.changed': ['visit', visitId] });
  return <PageState of={visit}>{(found) => <Call key={visitId} visit={found} />}</PageState>;
}

function Call({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.call');
  const navigate = useNavigate();
  const [onPhone, setOnPhone] = useState(false);
  const [where, setWhere] = useState(() => whereaboutsOf(visit));
  const [names, setNames] = useState<Record<string, string>>({});
  // A visit that ends while one is on this page is told by the call itself. One that was put back
  // into the waiting room or the intake has not ended, whatever the call says.
  const [cameInTime] = useState(visit.status === 'admitted');
  useHeldAwake(visit.status === 'admitted' ? 'waiting' : null);
  const putBack = visit.status === 'waiting' || visit.status === 'intake';
  const isOver = visit.status !== 'admitted' && (!cameInTime || onPhone);
  if (putBack || isOver) return <Elsewhere visit={visit} />;

  const { phone, ...location } = where;
  const clinician = visit.clinician?.name ?? null;
  const join = () => joinVisit(visit.id, { location, callback_phone: phone });
  const leave = (ending: Ending) => {
    if (ending === 'visit_over' && visit.status !== 'cancelled')
      void navigate({ to: '/visits/$visitId', params: { visitId: visit.id } });
    else void navigate({ to: '/home' });
  };
  return (
    <div className={classes.page}>
      <h1 className="visually-hidden" tabIndex={-1} data-page-heading>
        {t('title')}
      </h1>
      <Suspense>
        <People visitId={visit.id} clinician={clinician} onNames={setNames} />
      </Suspense>
      <Suspense>
        <MyPhone visitId={visit.id} onTalking={setOnPhone} />
      </Suspense>
      {!onPhone && (
        <CallRoom
          visitId={visit.id}
          join={join}
          onLeft={leave}
          nameOf={(role, id = '') => names[id] ?? (role === 'clinician' ? clinician : null)}
          awaited="clinician"
          variant="page"
          joinLabel={t('where.confirm')}
          beforeJoin={(problem) => (
            <>
              <SignInFirst visit={visit} />
              <WhereNow where={where} onChange={setWhere} problem={problem} />
              {problem?.code === 'adult_missing' && (
                <LinkButton to="/visit/$visitId/adult" params={{ visitId: visit.id }}>
                  {t('nameAdult')}
                </LinkButton>
              )}
            </>
          )}
        />
      )}
    </div>
  );
}

const PLACES: Partial<
  Record<Visit['status'], '/visit/$visitId/intake' | '/visit/$visitId/waiting' | '/visits/$visitId'>
> = {
  intake: '/visit/$visitId/intake',
  waiting: '/visit/$visitId/waiting',
  finished: '/visits/$visitId',
};

/** The visit is not at the call: go where it is. */
function Elsewhere({ visit }: { visit: Visit }) {
  const to = PLACES[visit.status];
  if (!to) return <Navigate to="/home" replace />;
  return <Navigate to={to} params={{ visitId: visit.id }} replace />;
}

function whereaboutsOf({ location, callback_phone }: Visit): Whereabouts {
  const { line = '', city = '', state = '', zip = '', country = 'US' } = location ?? {};
  return { line, city, state, zip, country, phone: readablePhone(callback_phone ?? '') };
}
