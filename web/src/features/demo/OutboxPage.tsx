import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { NoticeCard } from './NoticeCard';
import classes from './OutboxPage.module.css';
import { People } from './People';

/** Nobody is signed in here, so there is no live stream to listen to. */
const LOOK_EVERY_MS = 2_000;

/** Every SMS and e-mail of the demo clinic, as it would arrive, and whom one can sign in as. */
export default function OutboxPage() {
  const t = useTranslations('demo');
  return (
    <Page title={t('title')} lead={t('lead')} width="wide">
      <div className={classes.columns}>
        <Section title={t('notices')}>
          <Notices />
        </Section>
        <People />
      </div>
    </Page>
  );
}

/** The newest first. */
function Notices() {
  const t = useTranslations('demo');
  const notices = useQuery({
    queryKey: ['demo', 'outbox'],
    queryFn: () => take(api.GET('/api/demo/outbox')),
    refetchInterval: LOOK_EVERY_MS,
  });
  return (
    <QueryState
      of={notices}
      empty={{
        when: (found) => found.length === 0,
        show: <Empty title={t('none')} hint={t('noneHint')} />,
      }}
    >
      {(found) => (
        <ul className={classes.notices}>
          {found.map((notice) => (
            <NoticeCard key={notice.id} notice={notice} />
          ))}
        </ul>
      )}
    </QueryState>
  );
}
