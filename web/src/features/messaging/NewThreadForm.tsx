import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { newThreadDraft } from '@/lib/outbox/editing';
import { sendThread } from '@/lib/outbox/sendThread';
import { showToast } from '@/ui/toasts/toast';
import { MAX_BODY, MAX_SUBJECT } from './limits';
import { UrgentAsk } from './urgent/UrgentAsk';

interface NewThreadFormProps {
  /** To whom staff write; a patient writes to the clinic. */
  patient?: { id: string; name: string };
  /** What stands above the message's field. */
  hint?: ReactNode;
  /** Null while the thread is not there yet: its first message waits on this device, or went out by another tab. */
  onDone: (threadId: string | null) => void | Promise<void>;
}

/** The first message of a new conversation. */
export function NewThreadForm({ patient, hint, onDone }: NewThreadFormProps) {
  const t = useTranslations('messaging');
  const tOutbox = useTranslations('messaging/outbox');
  const form = useKeptForm(newThreadDraft(patient?.id ?? null), {
    initialValues: { subject: '', body: '' },
    checks: (values) => ({
      subject: !values.subject.trim() && 'required',
      body: !values.body.trim() && 'required',
    }),
    submit: async (values) => {
      const started = await sendThread({
        ...values,
        patientId: patient?.id ?? null,
        patientName: patient?.name ?? null,
        visitId: null,
        taskId: null,
      });
      if (!started.sent) showToast({ text: tOutbox('later') });
      await onDone(started.sent ? started.threadId : null);
    },
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label={t('subject')} maxLength={MAX_SUBJECT} {...form.field('subject')} />
        <Textarea
          label={t('body')}
          description={hint}
          autosize
          minRows={5}
          maxLength={MAX_BODY}
          {...form.field('body')}
        />
        {!patient && (
          <UrgentAsk text={`${form.values.subject}\n${form.values.body}`} threadId={null} />
        )}
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('send')}
        </Button>
      </Stack>
    </form>
  );
}
