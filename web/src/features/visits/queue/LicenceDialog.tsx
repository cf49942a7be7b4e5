import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { Marks } from '@/ui/person/Marks';
import type { QueueEntry } from '../model';

interface LicenceDialogProps {
  entry: QueueEntry;
  onClose: () => void;
  /** Throws ApiProblem: the dialog stays, with what was written. */
  onAdmit: (why: string) => Promise<unknown>;
}

/** The patient is where the clinician holds no licence: admitting takes a reason, kept in the audit. */
export function LicenceDialog({ entry, onClose, onAdmit }: LicenceDialogProps) {
  const t = useTranslations('visits/queue.licence');
  const actions = useTranslations('actions');
  const form = useKeptForm(`admit.${entry.visit_id}`, {
    initialValues: { why: '' },
    checks: ({ why }) => ({ why: !why.trim() && 'required' }),
    submit: ({ why }) => onAdmit(why.trim()),
    paths: { licence_reason: 'why' },
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
          <FormProblem of={form.problem} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {actions('cancel')}
            </Button>
            <Button type="submit" loading={form.sending}>
              {t('admit')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
