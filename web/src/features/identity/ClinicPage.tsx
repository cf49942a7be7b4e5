import { IconPhone } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { addressLines } from '@/lib/person/addressLines';
import { dialLink, readablePhone } from '@/lib/phone';
import { homeOf, isPatient, type Session, sessionQuery } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/links/LinkButton';
import { Section } from '@/ui/page/Section';
import { Thread } from '@/ui/page/Thread';
import { usePageTitle } from '@/ui/page/usePageTitle';
import { PageState } from '@/ui/states/PageState';
import classes from './ClinicPage.module.css';
import { type Clinic, useClinic } from './clinic';
import { Emergency } from './Emergency';
import { OpeningHours } from './OpeningHours';

/** Where a patient starts: whose clinic this is, whether it is open, and the one thing to do. */
export default function ClinicPage() {
  return <PageState of={useClinic()}>{(clinic) => <Welcome clinic={clinic} />}</PageState>;
}

function Welcome({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.clinic');
  const locale = useCurrentLocale();
  const { data: session } = useQuery(sessionQuery);
  usePageTitle(clinic.name);
  const steps = (['tell', 'wait', 'see', 'after'] as const).map((step) => ({
    id: step,
    title: t(`steps.${step}`),
    detail: t(`steps.${step}Detail`),
    state: 'next' as const,
  }));
  return (
    <div className={classes.page}>
      <section className={classes.hero}>
        <h1 className={classes.name} tabIndex={-1} data-page-heading>
          {clinic.name}
        </h1>
        <p className={classes.lead}>{clinic.welcome[locale] || t('lead')}</p>
        <OpenNow clinic={clinic} />
        <Actions clinic={clinic} session={session ?? null} />
        <Emergency clinic={clinic} />
      </section>
      <div className={classes.more}>
        <Section title={t('how')}>
          <Thread knots={steps} label={t('how')} />
        </Section>
        <div className={classes.facts}>
          <Section title={t('hours')}>
            <OpeningHours clinic={clinic} />
          </Section>
          <Contact clinic={clinic} />
          <p className={classes.address}>{t('care', { languages: named(clinic, locale) })}</p>
          <p className={classes.staff}>
            <Link to="/c/$slug/staff" params={{ slug: clinic.slug }}>
              {t('forStaff')}
            </Link>
          </p>
        </div>
      </div>
    </div>
  );
}

/** `English and Spanish`, in the reader's language. */
function named({ languages }: Clinic, locale: string): string {
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  return new Intl.ListFormat(locale).format(languages.map((code) => names.of(code) ?? code));
}

function OpenNow({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.clinic');
  const times = useTimes();
  const opens = clinic.opens_at;
  return (
    <p className={classes.open} data-open={clinic.open_now}>
      {clinic.open_now && t('openNow')}
      {!clinic.open_now &&
        (opens
          ? t('opensAt', { day: times.weekday(opens), time: times.timeWithZone(opens) })
          : t('closed'))}
    </p>
  );
}

function Actions({ clinic, session }: { clinic: Clinic; session: Session | null }) {
  const t = useTranslations('identity.clinic');
  const { slug } = clinic;
  if (session && session.clinic.slug === slug && !isPatient(session)) {
    return <LinkButton to={homeOf(session)}>{t('toWork')}</LinkButton>;
  }
  const mine = session?.clinic.slug === slug;
  return (
    <div className={classes.actions}>
      {mine ? (
        <>
          <LinkButton to="/visit/new" size="lg">
            {t('start')}
          </LinkButton>
          <LinkButton to="/home" variant="default" size="lg">
            {t('toHome')}
          </LinkButton>
        </>
      ) : (
        <>
          <LinkButton
            to="/c/$slug/sign-in"
            params={{ slug }}
            search={{ next: '/visit/new' }}
            size="lg"
          >
            {t('start')}
          </LinkButton>
          <LinkButton to="/c/$slug/sign-in" params={{ slug }} variant="default" size="lg">
            {t('signIn')}
          </LinkButton>
        </>
      )}
    </div>
  );
}

function Contact({ clinic }: { clinic: Clinic }) {
  const t = useTranslations('identity.clinic');
  const locale = useCurrentLocale();
  if (!clinic.phone && !clinic.address) return null;
  return (
    <Section title={t('contact')}>
      {clinic.phone && (
        <a className={classes.phone} href={dialLink(clinic.phone)}>
          <IconPhone size={20} aria-hidden />
          {readablePhone(clinic.phone)}
        </a>
      )}
      {clinic.address && (
        <address className={classes.address}>
          {addressLines(clinic.address, locale).map((line) => (
            <span key={line}>{line}</span>
          ))}
        </address>
      )}
    </Section>
  );
}
