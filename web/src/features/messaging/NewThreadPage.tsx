import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';
import { NewThreadForm } from './NewThreadForm';
import { UrgentHint } from './urgent/UrgentHint';

/** The patient writes to the clinic about something new. */
export default function NewThreadPage() {
  const t = useTranslations('messaging');
  const navigate = useNavigate();
  return (
    <Page title={t('newTitle')} lead={t('newLead')}>
      <NewThreadForm
        hint={<UrgentHint />}
        onDone={(threadId) =>
          threadId === null
            ? navigate({ to: '/messages', replace: true })
            : navigate({ to: '/messages/$threadId', params: { threadId }, replace: true })
        }
      />
    </Page>
  );
}
