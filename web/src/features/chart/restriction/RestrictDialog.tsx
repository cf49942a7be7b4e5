import { MultiSelect, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { usePerson } from '@/lib/session/session';
import { dayInAYear, endOfDay } from '@/lib/time/days';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';
import { accessQuery, teamQuery, WHYS, type Why } from './access';

interface RestrictDialogProps {
  patientId: string;
  onClose: () => void;
}

/** Why, until when, and to whom the chart stays open. */
export function RestrictDialog({ patientId, onClose }: RestrictDialogProps) {
  const t = useTranslations('chart.restriction');
  const queries = useQueryClient();
  const zone = usePerson().clinic.time_zone;
  const team = useQuery(teamQuery).data ?? [];
  const restrict = useAction({
    run: (body: { why: Why; reason: string; ends_at: string; named: string[] }, init) =>
      take(
        api.POST('/api/patients/{patient_id}/restriction', {
          params: { path: { patient_id: patientId } },
          body,
          ...init,
        }),
      ),
  });
  const form = useKeptForm(`restrict.${patientId}`, {
    initialValues: {
      why: 'patient_request' as Why,
      reason: '',
      ends_at: dayInAYear(new Date(), zone),
      named: [] as string[],
    },
    checks: (typed) => ({
      reason: !typed.reason.trim() && 'required',
      ends_at: !typed.ends_at && 'required',
    }),
    submit: async (typed) => {
      // The day that was chosen still belongs to the restriction, wherever this browser is.
      const ends = endOfDay(typed.ends_at, zone);
      const now = await restrict.mutateAsync({ ...typed, ends_at: ends });
      queries.setQueryData(accessQuery(patientId).queryKey, now);
      await queries.invalidateQueries();
      showToast({ text: t('done') });
      onClose();
    },
  });
  return (
    <FormDialog
      title={t('restrict')}
      lead={t('restrictLead')}
      form={form}
      submit={t('restrict')}
      onClose={onClose}
    >
      <NativeSelect
        label={t('why.label')}
        data={WHYS.map((value) => ({ value, label: t(`why.${value}`) }))}
        data-autofocus
        {...form.field('why')}
      />
      <Textarea
        label={t('reason')}
        description={t('reasonHint')}
        autosize
        minRows={2}
        maxLength={500}
        {...form.field('reason')}
      />
      <TextInput
        label={t('endsLabel')}
        description={t('endsHint')}
        type="date"
        {...form.field('ends_at')}
      />
      <MultiSelect
        label={t('namedLabel')}
        description={t('namedHint')}
        data={team.map(({ id, name }) => ({ value: id, label: name }))}
        searchable
        {...form.field('named')}
      />
    </FormDialog>
  );
}
