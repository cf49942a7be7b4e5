import { useTranslations } from 'use-intl';
import { Empty } from '@/ui/Empty';
import { LinkButton } from '@/ui/LinkButton';
import { Page } from '@/ui/Page';
import { Unsent } from './outbox/Unsent';
import { ThreadList } from './ThreadList';

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
