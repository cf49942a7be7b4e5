import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useLiveQueries } from '@/lib/live/useLive';
import { confirmationsQuery } from '@/lib/session/stepUp/confirmations';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { Confirmation } from './Confirmation';

const CHANGES = { 'confirmations.changed': confirmationsQuery.queryKey };

/** Colleagues whose accounts were changed: they sign nothing until somebody else has spoken to them. */
export default function ConfirmationsPage() {
  const t = useTranslations('admin.confirmations');
  useLiveQueries(CHANGES);
  const query = useQuery({ ...confirmationsQuery, staleTime: 0 });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <QueryState
        of={query}
        empty={{
          when: (waiting) => waiting.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {(waiting) => waiting.map((each) => <Confirmation key={each.account_id} waiting={each} />)}
      </QueryState>
    </Page>
  );
}
