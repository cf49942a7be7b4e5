import { useTranslations } from 'use-intl';
import { Rows } from '@/ui/links/Row';
import { More } from '@/ui/page/More';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { hasSummary } from './record';
import { useStory } from './useStory';
import { VisitRow } from './VisitRow';

/** All visits, the newest first. */
export default function VisitsPage() {
  const t = useTranslations('home.visit');
  const story = useStory();
  return (
    <Page title={t('title')}>
      <QueryState
        of={story}
        empty={{
          when: ({ visits }) => visits.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {({ record, visits }) => (
          <>
            <Rows>
              {visits.map((visit) => (
                <VisitRow key={visit.id} visit={visit} signed={hasSummary(record, visit)} />
              ))}
            </Rows>
            <More of={story.list}>{t('earlier')}</More>
          </>
        )}
      </QueryState>
    </Page>
  );
}
