import { Button, Stack, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useForm } from '@/lib/errors/useForm';
import { UrgentAsk } from '@/ui/help/UrgentAsk';

interface NewThreadFormProps {
  /** To whom staff write; a patient writes to the clinic. */
  patientId?: string;
  /** What stands above the message's field. */
  hint?: ReactNode;
  onDone: (threadId: string) => void | Promise<void>;
}

/** The first message of a new conversation. */
export function NewThreadForm({ patientId, hint, onDone }: NewThreadFormProps) {
  const t = useTranslations('messaging');
  const [clientId] = useState(() => crypto.randomUUID());
  const start = useAction({
    run: (body: { subject: string; body: string }, init) =>
      take(
        api.POST('/api/threads', {
          body: { ...body, client_id: clientId, ...(patientId && { patient_id: patientId }) },
          ...init,
        }),
      ),
    invalidates: [['threads']],
    onDone: ({ id }) => onDone(id),
  });
  const form = useForm({
    initialValues: { subject: '', body: '' },
    checks: (values) => ({
      subject: !values.subject.trim() && 'required',
      body: !values.body.trim() && 'required',
    }),
    submit: (values) => start.mutateAsync(values),
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label={t('subject')} maxLength={200} {...form.field('subject')} />
        <Textarea
          label={t('body')}
          description={hint}
          autosize
          minRows={5}
          maxLength={5000}
          {...form.field('body')}
        />
        {!patientId && <UrgentAsk text={`${form.values.subject}\n${form.values.body}`} />}
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('send')}
        </Button>
      </Stack>
    </form>
  );
}
