import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PatientFrame } from '@/features/chart/strip/PatientFrame';
import { NewThreadForm } from '@/features/messaging/NewThreadForm';
import { Page } from '@/ui/page/Page';

/** A new conversation with the patient whose chart one comes from. */
export default function MessagePage() {
  const t = useTranslations('messaging');
  const navigate = useNavigate();
  return (
    <PatientFrame>
      {({ patient }) => (
        <Page title={t('newTitle')} lead={t('toPatientLead')}>
          <NewThreadForm
            patient={{ id: patient.id, name: patient.name }}
            onDone={(threadId) =>
              threadId === null
                ? navigate({ to: '/inbox', replace: true })
                : navigate({ to: '/inbox/$threadId', params: { threadId }, replace: true })
            }
          />
        </Page>
      )}
    </PatientFrame>
  );
}
