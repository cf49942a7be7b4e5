import { NativeSelect, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';
import { PROOFS, type Proof, type Related } from './related';

interface VerifyDialogProps {
  patientId: string;
  relation: Related;
  onClose: () => void;
}

/** How one made sure that somebody may act for the patient: without that, they open nothing. */
export function VerifyDialog({ patientId, relation, onClose }: VerifyDialogProps) {
  const t = useTranslations('chart/related');
  const queries = useQueryClient();
  const { name } = relation;
  const form = useKeptForm(`related.verify.${relation.id}`, {
    initialValues: { proof: '' as Proof | '', note: '' },
    forgotten: ['proof'],
    checks: ({ proof, note }) => ({
      proof: !proof && 'required',
      note: !note.trim() && 'required',
    }),
    submit: async ({ proof, note }) => {
      await take(
        api.POST('/api/related/{relation_id}/verify', {
          params: { path: { relation_id: relation.id } },
          body: { proof: proof as Proof, note },
        }),
      );
      await queries.invalidateQueries({ queryKey: ['patient', patientId] });
      showToast({ text: t('verifiedNow', { name }) });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('verifyWhom', { name })}
      lead={t(relation.signs_in ? 'verifyLead' : 'verifyLeadNoSignIn')}
      form={form}
      submit={t('verify')}
      later={t('later')}
      onClose={onClose}
    >
      <NativeSelect
        label={t('proofLabel')}
        data={[
          { value: '', label: t('choose') },
          ...PROOFS.map((value) => ({ value, label: t(`proof.${value}`) })),
        ]}
        data-autofocus
        {...form.field('proof')}
      />
      <Textarea
        label={t('note')}
        description={t('noteHint')}
        autosize
        minRows={2}
        maxLength={500}
        {...form.field('note')}
      />
    </FormDialog>
  );
}
