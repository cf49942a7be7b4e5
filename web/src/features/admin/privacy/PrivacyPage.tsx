import { SegmentedControl } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { Rows } from '@/ui/links/Row';
import { More } from '@/ui/page/More';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { OpeningRow } from './OpeningRow';
import { CHANGES, openingsQuery, restrictionsQuery } from './queries';
import { RestrictionRow } from './RestrictionRow';

/** The privacy officer's page: who opened a restricted chart, and which charts are restricted. */
export default function PrivacyPage() {
  const t = useTranslations('admin.privacy');
  useLiveQueries(CHANGES);
  return (
    <Page title={t('title')} lead={t('lead')}>
      <Openings />
      <Restrictions />
    </Page>
  );
}

function Openings() {
  const t = useTranslations('admin.privacy');
  const [view, setView] = useState<'toReview' | 'reviewed'>('toReview');
  const reviewed = view === 'reviewed';
  const openings = useInfiniteQuery(openingsQuery(reviewed));
  const waiting = openings.data?.pages[0]?.waiting;
  const none = reviewed ? 'noneReviewed' : 'none';
  return (
    <Section
      title={t('openings')}
      aside={waiting !== undefined && t('waiting', { count: waiting })}
    >
      <SegmentedControl
        value={view}
        onChange={(chosen) => setView(chosen as typeof view)}
        data={(['toReview', 'reviewed'] as const).map((value) => ({ value, label: t(value) }))}
        aria-label={t('view')}
      />
      <QueryState
        of={openings}
        empty={{
          when: ({ pages }) => pages[0]?.openings.length === 0,
          show: <Empty title={t(none)} hint={t(`${none}Hint`)} />,
        }}
      >
        {({ pages }) => (
          <>
            <Rows label={t('openings')}>
              {pages.flatMap((page) =>
                page.openings.map((each) => <OpeningRow key={each.id} opening={each} />),
              )}
            </Rows>
            <More of={openings}>{t('older')}</More>
          </>
        )}
      </QueryState>
    </Section>
  );
}

function Restrictions() {
  const t = useTranslations('admin.privacy');
  const restrictions = useQuery(restrictionsQuery);
  return (
    <Section title={t('restricted')}>
      <QueryState
        of={restrictions}
        empty={{
          when: (found) => found.length === 0,
          show: <Empty title={t('noRestricted')} hint={t('noRestrictedHint')} />,
        }}
      >
        {(found) => (
          <Rows label={t('restricted')}>
            {found.map((each) => (
              <RestrictionRow key={each.id} mark={each} />
            ))}
          </Rows>
        )}
      </QueryState>
    </Section>
  );
}
