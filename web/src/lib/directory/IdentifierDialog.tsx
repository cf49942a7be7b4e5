import { Button, Group, Modal, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { ConfirmButton } from '@/ui/fields/ConfirmButton';
import { showToast } from '@/ui/toasts/toast';
import { IDENTIFIER_KINDS, type Identifier, type IdentifierKind } from './identifiers';

interface IdentifierDialogProps {
  patientId: string;
  /** Null to add a new one. */
  identifier: Identifier | null;
  onClose: () => void;
}

/** One identifier. Of a masked one the number stays as it is unless somebody types another. */
export function IdentifierDialog({ patientId, identifier, onClose }: IdentifierDialogProps) {
  const t = useTranslations('directory.identifiers');
  const hidden = identifier?.masked ?? false;
  const keep = useKeepIdentifier(patientId, identifier);
  const end = useEndIdentifier(patientId);
  const form = useForm({
    initialValues: {
      kind: (identifier?.kind ?? 'MB') as IdentifierKind,
      issuer: identifier?.issuer ?? '',
      value: hidden ? '' : (identifier?.value ?? ''),
      starts_on: identifier?.starts_on ?? '',
      ends_on: identifier?.ends_on ?? '',
    },
    checks: ({ issuer, value }) => ({
      issuer: !issuer.trim() && 'required',
      value: !hidden && !value.trim() && 'required',
    }),
    submit: async ({ starts_on, ends_on, ...typed }) => {
      await keep.mutateAsync({
        ...typed,
        starts_on: starts_on || null,
        ends_on: ends_on || null,
      });
      showToast({ text: t('saved') });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={identifier ? t(`kind.${identifier.kind as IdentifierKind}`) : t('add')}
      closeButtonProps={{ 'aria-label': t('close') }}
    >
      <form {...form.props}>
        <Stack>
          <NativeSelect
            label={t('what')}
            data={IDENTIFIER_KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
            {...form.field('kind')}
          />
          <TextInput
            label={t(`issuer.${form.values.kind}`)}
            maxLength={120}
            {...form.field('issuer')}
          />
          <TextInput
            label={t('number')}
            description={hidden ? t('numberStays', { value: identifier?.value ?? '' }) : undefined}
            maxLength={60}
            autoComplete="off"
            {...form.field('value')}
          />
          <Group grow align="start">
            <TextInput type="date" label={t('startsOn')} {...form.field('starts_on')} />
            <TextInput type="date" label={t('endsOn')} {...form.field('ends_on')} />
          </Group>
          <FormProblem of={form.problem ?? end.error} />
          <Group justify="space-between">
            <Button type="submit" loading={form.sending}>
              {t('save')}
            </Button>
            {identifier && (
              <ConfirmButton
                variant="default"
                c="red"
                loading={end.isPending}
                danger
                question={t('removeConfirm')}
                consequence={t('removeConsequence')}
                confirm={t('remove')}
                onConfirm={() => end.mutate(identifier.id, { onSuccess: onClose })}
              >
                {t('remove')}
              </ConfirmButton>
            )}
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface Typed {
  kind: IdentifierKind;
  issuer: string;
  value: string;
  starts_on: string | null;
  ends_on: string | null;
}

function useKeepIdentifier(patientId: string, identifier: Identifier | null) {
  return useAction({
    run: ({ value, ...typed }: Typed, init) =>
      identifier
        ? take(
            api.PUT('/api/patients/{patient_id}/identifiers/{identifier_id}', {
              params: { path: { patient_id: patientId, identifier_id: identifier.id } },
              body: {
                ...typed,
                system: identifier.system,
                value: value.trim() ? value : null,
                version: identifier.version,
              },
              ...init,
            }),
          )
        : take(
            api.POST('/api/patients/{patient_id}/identifiers', {
              params: { path: { patient_id: patientId } },
              body: { ...typed, system: '', value },
              ...init,
            }),
          ),
    invalidates: [['identifiers', patientId]],
  });
}

function useEndIdentifier(patientId: string) {
  return useAction({
    run: (identifierId: string, init) =>
      take(
        api.DELETE('/api/patients/{patient_id}/identifiers/{identifier_id}', {
          params: { path: { patient_id: patientId, identifier_id: identifierId } },
          ...init,
        }),
      ),
    invalidates: [['identifiers', patientId]],
  });
}
