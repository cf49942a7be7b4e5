import { useInfiniteQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useParam } from '@/lib/routing/useParam';
import { usePerson } from '@/lib/session/session';
import { LinkButton } from '@/ui/links/LinkButton';
import { Page } from '@/ui/page/Page';
import { Conversation } from './conversation/Conversation';
import { conversationQuery } from './queries';
import { useSubject } from './subject';
import { UrgentHint } from './urgent/UrgentHint';

/** One of the patient's threads. */
export default function ThreadPage() {
  const t = useTranslations('messaging');
  const threadId = useParam('threadId');
  const subject = useSubject();
  const { clinic } = usePerson();
  const conversation = useInfiniteQuery(conversationQuery(threadId)).data;
  return (
    <Page
      title={conversation ? subject(conversation.subject) : t('title')}
      tabTitle={t('title')}
      lead={clinic.name}
      actions={
        conversation?.visit_id && (
          <LinkButton
            variant="default"
            to="/visits/$visitId"
            params={{ visitId: conversation.visit_id }}
          >
            {t('toSummary')}
          </LinkButton>
        )
      }
    >
      <Conversation threadId={threadId} hint={<UrgentHint />} />
    </Page>
  );
}
