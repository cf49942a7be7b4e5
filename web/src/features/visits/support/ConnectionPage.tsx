import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLive } from '@/lib/live/useLive';
import { useParam } from '@/lib/routing/useParam';
import { useTimes } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { Attempts, Drops, Failures, Marks, Samples } from './ConnectionTables';
import { Picture } from './Picture';
import { type Connection, connectionQuery } from './queries';

/** How the calls of one visit went, for support staff: a picture over time, and the same as tables. */
export default function ConnectionPage() {
  const t = useTranslations('visits/support.visit');
  const times = useTimes();
  const visitId = useParam('visitId');
  const query = useQuery(connectionQuery(visitId));
  useLive('visit.changed', ({ ids }) => {
    if (ids.visit_id === visitId) void query.refetch();
  });
  const began = query.data?.attempts[0]?.requested_at;
  return (
    <Page
      title={t('title')}
      lead={began ? t('lead', { time: times.dateTime(began) }) : t('leadNone')}
      width="wide"
      actions={
        <LinkButton to="/calls" variant="default">
          {t('toAll')}
        </LinkButton>
      }
    >
      <QueryState
        of={query}
        empty={{
          when: ({ attempts, failures }) => attempts.length + failures.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {(connection) => <Shown connection={connection} />}
      </QueryState>
    </Page>
  );
}

function Shown({ connection }: { connection: Connection }) {
  const t = useTranslations('visits/support.visit');
  // The picture of a call that goes on ends where it was last fetched.
  const [opened] = useState(() => Date.now());
  const now = Math.max(opened, ...connection.samples.map(({ at }) => Date.parse(at)));
  const { drops, marks, failures, samples } = connection;
  return (
    <>
      <Picture connection={connection} now={now} />
      <Section title={t('who')}>
        <Attempts of={connection} />
      </Section>
      <Section title={t('drops')} aside={drops.length || undefined}>
        {drops.length === 0 ? <Empty title={t('noDrops')} /> : <Drops of={connection} />}
      </Section>
      {marks.length > 0 && (
        <Section title={t('marks')} aside={marks.length}>
          <Marks of={connection} />
        </Section>
      )}
      {failures.length > 0 && (
        <Section title={t('failures')} aside={failures.length}>
          <Failures of={connection} />
        </Section>
      )}
      <Section title={t('samples')} aside={samples.length || undefined}>
        {samples.length === 0 ? (
          <Empty title={t('noSamples')} hint={t('noSamplesHint')} />
        ) : (
          <Samples of={connection} />
        )}
      </Section>
    </>
  );
}
