import {
  IconCalendarHeart,
  IconClipboardHeart,
  IconHome,
  IconMessageCircle,
} from '@tabler/icons-react';
import { Link, Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { useTranslations } from 'use-intl';
import { catalogues } from '@/lib/i18n/catalogues';
import { usePerson } from '@/lib/session/session';
import { Brand } from '@/ui/brand/Brand';
import { LanguageSwitch } from './bar/LanguageSwitch';
import { PersonMenu } from './bar/PersonMenu';
import { SwitchPatient } from './bar/SwitchPatient';
import { UnreadCount } from './bar/UnreadCount';
import classes from './Shell.module.css';
import { SignedIn, WhomStrip } from './SignedIn';
import { OutgoingMark } from './unsent/OutgoingMark';

const SecurityNotice = lazy(async () => {
  const [{ SecurityNotice: notice }] = await Promise.all([
    import('@/features/profile/SecurityNotice'),
    catalogues.load('profile'),
  ]);
  return { default: notice };
});

const SecondWay = lazy(async () => {
  const [{ SecondWay: offer }] = await Promise.all([
    import('@/features/profile/SecondWay'),
    catalogues.load('profile'),
  ]);
  return { default: offer };
});

/** The patient's frame: phone first, four places along the bottom (along the top on a wide screen). */
export function PatientShell() {
  return (
    <SignedIn>
      <Frame />
    </SignedIn>
  );
}

const PLACES = [
  { to: '/home', key: 'home', icon: IconHome },
  { to: '/visits', key: 'visits', icon: IconCalendarHeart },
  { to: '/messages', key: 'messages', icon: IconMessageCircle },
  { to: '/record', key: 'record', icon: IconClipboardHeart },
] as const;

function Frame() {
  const t = useTranslations('shell');
  const menu = useTranslations('profile/menu');
  const { clinic } = usePerson();
  const home = useRouterState({ select: (state) => state.location.pathname === '/home' });
  return (
    <div className={classes.shell} data-nav="bottom">
      <header className={classes.bar}>
        <Link
          to="/home"
          className={classes.brand}
          aria-label={t('toHome', { clinic: clinic.name })}
        >
          <Brand name={clinic.name} />
        </Link>
        <OutgoingMark to="/messages" />
        <LanguageSwitch />
        <PersonMenu />
      </header>
      <nav className={classes.places} aria-label={t('places')}>
        {PLACES.map(({ to, key, icon: Icon }) => (
          <Link key={key} to={to} className={classes.place}>
            <Icon size={24} stroke={1.75} aria-hidden />
            <span>{menu(`place.${key}`)}</span>
            {key === 'messages' && <UnreadCount />}
          </Link>
        ))}
      </nav>
      <WhomStrip>
        <SwitchPatient />
      </WhomStrip>
      <main id="main" tabIndex={-1} className={classes.main}>
        <Suspense>
          <SecurityNotice />
        </Suspense>
        <Outlet />
        <Suspense>{home && <SecondWay />}</Suspense>
      </main>
    </div>
  );
}
