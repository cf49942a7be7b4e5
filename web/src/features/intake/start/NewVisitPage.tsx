import { Button } from '@mantine/core';
import {
  IconBandage,
  IconBone,
  IconBrain,
  IconDots,
  IconDroplet,
  IconFlower,
  IconHeart,
  IconLungs,
  IconMoodSick,
  IconMoodTongue,
  IconPhone,
  IconPill,
  IconRefresh,
  IconStethoscope,
  type TablerIcon,
} from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { useLiveQueries } from '@/lib/live/useLive';
import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import { useVisitTypes } from '@/lib/visitTypes';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { QueryState } from '@/ui/states/QueryState';
import { ListSkeleton } from '@/ui/states/Skeletons';
import { ClosedNow } from './ClosedNow';
import classes from './NewVisitPage.module.css';
import { BookedVisit, OpenVisit } from './OpenVisit';
import { openVisitsQuery } from './openVisits';

const ICONS: Readonly<Record<string, TablerIcon>> = {
  lungs: IconLungs,
  throat: IconMoodTongue,
  droplet: IconDroplet,
  skin: IconBandage,
  head: IconBrain,
  stomach: IconMoodSick,
  back: IconBone,
  flower: IconFlower,
  heart: IconHeart,
  pill: IconPill,
  thread: IconRefresh,
  dots: IconDots,
};

/** What one comes for. A visit that goes on already is said first. */
export default function NewVisitPage() {
  const t = useTranslations('intake/start');
  const { clinic } = usePerson();
  const visits = useQuery(openVisitsQuery);
  useLiveQueries({ 'visit.changed': openVisitsQuery.queryKey });
  const open = visits.data?.find(({ kind }) => kind === 'on_demand');
  const booked = visits.data?.filter(({ kind }) => kind !== 'on_demand') ?? [];
  return (
    <Page title={t('title')} lead={t('lead')} tabTitle={t('tab')}>
      <a className={classes.emergency} href={dialLink(clinic.emergency_number)}>
        <IconPhone size={20} aria-hidden />
        <span>{t('emergency', { number: readablePhone(clinic.emergency_number) })}</span>
      </a>
      <ClosedNow slug={clinic.slug} />
      {booked.map((visit) => (
        <BookedVisit key={visit.id} visit={visit} />
      ))}
      {visits.isPending && <ListSkeleton />}
      {open && <OpenVisit visit={open} />}
      {!open && !visits.isPending && <Reasons />}
      <LinkButton to="/book" variant="subtle">
        {t('book')}
      </LinkButton>
    </Page>
  );
}

/** Choosing one opens the visit. */
function Reasons() {
  const language = useCurrentLocale();
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = useVisitTypes();
  const start = useAction({
    run: (reason_code: string, init) =>
      take(api.POST('/api/visits', { body: { reason_code }, ...init })),
    invalidates: [['visits']],
    onDone: (visit) => navigate({ to: '/visit/$visitId/intake', params: { visitId: visit.id } }),
    // Begun in another tab meanwhile: the page says so, with the way to it.
    onProblem: () => void client.invalidateQueries(openVisitsQuery),
  });
  return (
    <>
      <FormProblem of={start.error} />
      <QueryState of={query}>
        {(types) => (
          <ul className={classes.reasons}>
            {types
              .filter(({ offered }) => offered)
              .map(({ code, icon, title, hint }) => {
                const Icon = ICONS[icon] ?? IconStethoscope;
                return (
                  <li key={code}>
                    <Button
                      variant="default"
                      className={classes.reason ?? ''}
                      fullWidth
                      justify="start"
                      loading={start.isPending && start.variables === code}
                      disabled={start.isPending && start.variables !== code}
                      onClick={() => start.mutate(code)}
                      leftSection={<Icon size={28} stroke={1.6} aria-hidden />}
                    >
                      <span className={classes.name}>{title[language]}</span>
                      <span className={classes.hint}>{hint[language]}</span>
                    </Button>
                  </li>
                );
              })}
          </ul>
        )}
      </QueryState>
    </>
  );
}
