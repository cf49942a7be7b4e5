import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';

interface LiftDialogProps {
  patientId: string;
  onClose: () => void;
}

/** Why the whole care team may open the chart again. */
export function LiftDialog({ patientId, onClose }: LiftDialogProps) {
  const t = useTranslations('chart.restriction');
  const queries = useQueryClient();
  const form = useKeptForm(`lift.${patientId}`, {
    initialValues: { reason: '' },
    checks: (typed) => ({ reason: !typed.reason.trim() && 'required' }),
    submit: async (body) => {
      await take(
        api.POST('/api/patients/{patient_id}/restriction/lift', {
          params: { path: { patient_id: patientId } },
          body,
        }),
      );
      await queries.invalidateQueries();
      showToast({ text: t('done') });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('lift')}
      lead={t('liftLead')}
      form={form}
      submit={t('lift')}
      onClose={onClose}
    >
      <Textarea
        label={t('reason')}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  );
}
