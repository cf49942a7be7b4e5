import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useForm } from '@/lib/errors/useForm';
import { Marks } from '@/ui/Marks';
import type { QueueEntry } from '../model';

interface LicenceDialogProps {
  entry: QueueEntry;
  onClose: () => void;
  onAdmit: (why: string) => void;
}

/** The patient is where the clinician holds no licence: admitting takes a reason, kept in the audit. */
export function LicenceDialog({ entry, onClose, onAdmit }: LicenceDialogProps) {
  const t = useTranslations('visits/queue.licence');
  const actions = useTranslations('actions');
  const form = useForm({
    initialValues: { why: '' },
    checks: ({ why }) => ({ why: !why.trim() && 'required' }),
    submit: async ({ why }) => onAdmit(why.trim()),
  });
  const state = entry.location?.state;
  return (
    <Modal opened onClose={onClose} title={t('title')} withCloseButton={false}>
      <form {...form.props}>
        <Stack>
          <Text fw={600}>
            {entry.patient.name} · <Marks of={entry.patient} />
          </Text>
          <Text>
            {state
              ? t('body', { name: entry.patient.name, state })
              : t('unknown', { name: entry.patient.name })}
          </Text>
          <Textarea
            label={t('why')}
            description={t('whyHint')}
            maxLength={500}
            autosize
            data-autofocus
            {...form.field('why')}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {actions('cancel')}
            </Button>
            <Button type="submit">{t('admit')}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
