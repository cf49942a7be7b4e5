import { useTranslations } from 'use-intl';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { Empty } from '@/ui/states/Empty';
import { ThreadList } from './inbox/ThreadList';
import { Unsent } from './outbox/Unsent';

/** The patient's messages. */
export default function MessagesPage() {
  const t = useTranslations('messaging');
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      actions={<LinkButton to="/messages/new">{t('write')}</LinkButton>}
    >
      <Unsent />
      <ThreadList
        to="/messages/$threadId"
        empty={<Empty title={t('none')} hint={t('noneHint')} />}
      />
    </Page>
  );
}
