import { Checkbox, NativeSelect, Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { NameFields } from '@/lib/person/NameFields';
import { NO_NAME, nameChecks } from '@/lib/person/name';
import { usePerson } from '@/lib/session/session';
import { endOfDay } from '@/lib/time/days';
import { showToast } from '@/ui/toasts/toast';
import { FormDialog } from '../FormDialog';
import { RELATIONSHIPS, type Related, type Relationship, relatedQuery, SCOPES } from './related';

interface AddDialogProps {
  patientId: string;
  onClose: () => void;
  onAdded: (relation: Related) => void;
}

/** Somebody beside the patient: who they are, what they may do, until when, and why. */
export function AddDialog({ patientId, onClose, onAdded }: AddDialogProps) {
  const t = useTranslations('chart/related');
  const relationship = useTranslations('profile/relations.relationship');
  const zone = usePerson().clinic.time_zone;
  const add = useAction({
    run: (body: components['schemas']['AddRelated'], init) =>
      take(
        api.POST('/api/patients/{patient_id}/related', {
          params: { path: { patient_id: patientId } },
          body,
          ...init,
        }),
      ),
    invalidates: [relatedQuery(patientId).queryKey],
  });
  const form = useKeptForm(`related.add.${patientId}`, {
    initialValues: {
      ...NO_NAME,
      relationship: '' as Relationship | '',
      contact: '',
      birth_date: '',
      scope: 'full' as (typeof SCOPES)[number],
      sees_restricted: false,
      until: '',
      reason: '',
    },
    checks: (typed) => ({
      ...nameChecks(typed),
      relationship: !typed.relationship && 'required',
      birth_date: Boolean(typed.contact.trim()) && !typed.birth_date && 'required',
      reason: !typed.reason.trim() && 'required',
    }),
    submit: async (typed) => {
      const relation = await add.mutateAsync({
        ...typed,
        relationship: typed.relationship as Relationship,
        birth_date: typed.birth_date || null,
        // The day that was chosen still belongs to it, wherever this browser is.
        until: typed.until ? endOfDay(typed.until, zone) : null,
      });
      showToast({ text: t('addedNow', { name: relation.name }) });
      onAdded(relation);
    },
  });
  return (
    <FormDialog
      title={t('add')}
      lead={t('addLead')}
      form={form}
      submit={t('addSubmit')}
      size="lg"
      onClose={onClose}
    >
      <NameFields form={form} label={(part) => t(`nameParts.${part}`)} />
      <NativeSelect
        label={t('relationship')}
        data={[
          { value: '', label: t('choose') },
          ...RELATIONSHIPS.map((value) => ({ value, label: relationship(value) })),
        ]}
        {...form.field('relationship')}
      />
      <TextInput
        label={t('contact')}
        description={t('contactHint')}
        autoComplete="off"
        maxLength={200}
        {...form.field('contact')}
      />
      <TextInput
        label={t('birthDate')}
        description={t('birthDateHint')}
        type="date"
        {...form.field('birth_date')}
      />
      <NativeSelect
        label={t('scopeLabel')}
        data={SCOPES.map((value) => ({ value, label: t(`scope.${value}`) }))}
        {...form.field('scope')}
      />
      <Checkbox
        label={t('seesRestrictedLabel')}
        description={t('seesRestrictedHint')}
        {...form.field('sees_restricted', { type: 'checkbox' })}
      />
      <TextInput
        label={t('untilLabel')}
        description={t('untilHint')}
        type="date"
        {...form.field('until')}
      />
      <Textarea
        label={t('reason')}
        description={t('reasonHint')}
        autosize
        minRows={2}
        maxLength={500}
        {...form.field('reason')}
      />
    </FormDialog>
  );
}
