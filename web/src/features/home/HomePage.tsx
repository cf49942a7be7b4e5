import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { unreadQuery } from '@/lib/api/unread';
import { usePerson } from '@/lib/session/session';
import { LinkRow } from '@/ui/links/LinkRow';
import { Rows } from '@/ui/links/Row';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { Begin, NextStep } from './NextStep';
import { PrescriptionRow } from './ownRecord/PrescriptionRow';
import { hasSummary } from './record';
import { openVisits } from './thread';
import { type Story, useStory } from './useStory';
import { VisitRow } from './VisitRow';

const LATEST = 3;

/** What the patient does next comes first; then what waits to be read, and what has been. */
export default function HomePage() {
  const t = useTranslations('home');
  const person = usePerson();
  const story = useStory();
  return (
    <Page title={t('title', { name: firstName(person.name) })} tabTitle={t('tab')}>
      <QueryState of={story}>{(found) => <Parts story={found} />}</QueryState>
    </Page>
  );
}

const firstName = (name: string): string => name.split(' ')[0] ?? name;

function Parts({ story: { record, visits } }: { story: Story }) {
  const t = useTranslations('home');
  const { data: unread = 0 } = useQuery(unreadQuery);
  const open = openVisits(visits);
  const earlier = visits.filter((visit) => !open.includes(visit));
  const prescriptions = record.prescriptions.filter(({ signed_at }) => signed_at);
  return (
    <>
      {open.map((visit) => (
        <NextStep key={visit.id} visit={visit} />
      ))}
      {open.length === 0 && <Begin />}
      {unread > 0 && (
        <Rows>
          <LinkRow
            to="/messages"
            title={t('messages.title', { count: unread })}
            detail={t('messages.hint')}
          />
        </Rows>
      )}
      {prescriptions.length > 0 && (
        <Section
          title={t('prescription.title')}
          aside={prescriptions.length > LATEST && <Link to="/record">{t('prescription.all')}</Link>}
        >
          <Rows>
            {prescriptions.slice(0, LATEST).map((item) => (
              <PrescriptionRow key={item.id} of={item} />
            ))}
          </Rows>
        </Section>
      )}
      {earlier.length > 0 && (
        <Section
          title={t('visit.title')}
          aside={earlier.length > LATEST && <Link to="/visits">{t('visit.all')}</Link>}
        >
          <Rows>
            {earlier.slice(0, LATEST).map((visit) => (
              <VisitRow key={visit.id} visit={visit} signed={hasSummary(record, visit)} />
            ))}
          </Rows>
        </Section>
      )}
      <Rows>
        <LinkRow to="/record/access" title={t('access.title')} detail={t('access.hint')} />
      </Rows>
    </>
  );
}
