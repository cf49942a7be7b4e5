import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PatientFrame } from '@/features/chart/strip/PatientFrame';
import { NewTaskForm } from '@/features/followup/forms/NewTaskForm';
import { Page } from '@/ui/page/Page';

/** A new task about the patient whose chart one comes from. */
export default function TaskPage() {
  const t = useTranslations('followup.new');
  const navigate = useNavigate();
  return (
    <PatientFrame>
      {({ patient }) => (
        <Page title={t('title')} lead={t('lead')}>
          <NewTaskForm
            patientId={patient.id}
            patientName={patient.name}
            onDone={(taskId) =>
              taskId === null
                ? navigate({
                    to: '/patients/$patientId',
                    params: { patientId: patient.id },
                    replace: true,
                  })
                : navigate({ to: '/followup/$taskId', params: { taskId }, replace: true })
            }
          />
        </Page>
      )}
    </PatientFrame>
  );
}
