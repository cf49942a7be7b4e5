import { Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';
import type { Related } from './related';

interface EndDialogProps {
  patientId: string;
  relation: Related;
  onClose: () => void;
}

/** Why somebody may act for the patient no more. */
export function EndDialog({ patientId, relation, onClose }: EndDialogProps) {
  const t = useTranslations('chart/related');
  const queries = useQueryClient();
  const { name } = relation;
  const form = useKeptForm(`related.end.${relation.id}`, {
    initialValues: { reason: '' },
    checks: ({ reason }) => ({ reason: !reason.trim() && 'required' }),
    submit: async (body) => {
      await take(
        api.POST('/api/related/{relation_id}/end', {
          params: { path: { relation_id: relation.id } },
          body,
        }),
      );
      await queries.invalidateQueries({ queryKey: ['patient', patientId] });
      showToast({ text: t('endedNow', { name }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('endWhom', { name })}
      lead={t('endLead', { name })}
      form={form}
      submit={t('end')}
      ends
      onClose={onClose}
    >
      <Textarea
        label={t('reason')}
        description={t('reasonHint')}
        autosize
        minRows={2}
        maxLength={500}
        data-autofocus
        {...form.field('reason')}
      />
    </FormDialog>
  );
}
