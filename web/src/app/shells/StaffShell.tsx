import {
  IconInbox,
  IconListCheck,
  IconSettings,
  IconShieldLock,
  IconUserSearch,
  IconUsersGroup,
} from '@tabler/icons-react';
import { Link, Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { catalogues } from '@/lib/i18n/catalogues';
import { type Role, usePerson } from '@/lib/session/session';
import { Logo } from '@/ui/brand/Logo';
import { LanguageSwitch } from './bar/LanguageSwitch';
import { LiveSign } from './bar/LiveSign';
import { PersonMenu } from './bar/PersonMenu';
import { SecondPerson } from './bar/SecondPerson';
import { UnreadCount } from './bar/UnreadCount';
import { NotForYou } from './NotForYou';
import { SignedIn } from './SignedIn';
import classes from './StaffShell.module.css';
import { OutgoingMark } from './unsent/OutgoingMark';

const QueueAlerts = lazy(async () => {
  const [{ QueueAlerts: component }] = await Promise.all([
    import('@/features/visits/queue/QueueAlerts'),
    catalogues.load('visits/queue'),
  ]);
  return { default: component };
});

/** The clinic's frame: a rail with the places of one's roles, dense and quiet. */
export function StaffShell() {
  useCompactDensity();
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  );
}

const PLACES = [
  {
    to: '/queue',
    under: '/queue',
    key: 'queue',
    icon: IconUsersGroup,
    roles: ['clinician', 'coordinator'],
  },
  {
    to: '/patients',
    under: '/patients',
    key: 'patients',
    icon: IconUserSearch,
    roles: ['clinician', 'coordinator'],
  },
  {
    to: '/followup',
    under: '/followup',
    key: 'followup',
    icon: IconListCheck,
    roles: ['clinician', 'coordinator'],
  },
  {
    to: '/inbox',
    under: '/inbox',
    key: 'inbox',
    icon: IconInbox,
    roles: ['clinician', 'coordinator'],
  },
  {
    to: '/privacy',
    under: '/privacy',
    key: 'privacy',
    icon: IconShieldLock,
    roles: ['privacy'],
  },
  { to: '/admin/people', under: '/admin', key: 'admin', icon: IconSettings, roles: ['admin'] },
] as const;

function Frame() {
  const t = useTranslations('shell');
  const own = useTranslations('visits/staff.shell');
  const { roles, clinic } = usePerson();
  const mine = (place: (typeof PLACES)[number]) =>
    place.roles.some((role: Role) => roles.includes(role));
  const places = PLACES.filter(mine);
  const elsewhere = useLocation({
    select: ({ pathname }) =>
      PLACES.some((place) => `${pathname}/`.startsWith(`${place.under}/`) && !mine(place)),
  });
  return (
    <div className={classes.shell}>
      <header className={classes.rail}>
        <span className={classes.logo} title={clinic.name}>
          <Logo size={32} />
        </span>
        <nav className={classes.places} aria-label={t('places')}>
          {places.map(({ to, key, icon: Icon }) => (
            <Link key={key} to={to} className={classes.place}>
              <Icon size={22} stroke={1.75} aria-hidden />
              <span>{own(`place.${key}`)}</span>
              {key === 'inbox' && (
                <span className={classes.count}>
                  <UnreadCount />
                </span>
              )}
            </Link>
          ))}
        </nav>
        <div className={classes.foot}>
          <OutgoingMark to="/unsent" />
          <LiveSign />
          <LanguageSwitch />
          <PersonMenu />
        </div>
      </header>
      {(roles.includes('clinician') || roles.includes('coordinator')) && (
        <Suspense>
          <QueueAlerts />
        </Suspense>
      )}
      <main id="main" tabIndex={-1} className={classes.main}>
        <SecondPerson />
        {elsewhere ? <NotForYou /> : <Outlet />}
      </main>
    </div>
  );
}

function useCompactDensity(): void {
  useEffect(() => {
    document.documentElement.dataset.density = 'compact';
    return () => {
      delete document.documentElement.dataset.density;
    };
  }, []);
}
