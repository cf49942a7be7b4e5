import { Textarea, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useForm } from '@/lib/errors/useForm';
import { showToast } from '@/ui/toast';
import classes from './FollowupPage.module.css';
import { FormFoot } from './FormFoot';
import type { Task } from './queries';

/** Writes to the task's patient, into the visit's thread if there is one, and logs the attempt. */
export function MessageForm({ task, onDone }: { task: Task; onDone: () => void }) {
  const t = useTranslations('followup');
  const [clientId] = useState(() => crypto.randomUUID());
  const send = useAction({
    run: (values: { subject: string; body: string }, init) =>
      take(
        api.POST('/api/threads', {
          body: {
            ...values,
            client_id: clientId,
            patient_id: task.patient_id,
            visit_id: task.visit_id,
          },
          ...init,
        }),
      ),
    invalidates: [['threads']],
  });
  const log = useAction({
    run: (_: undefined, init) =>
      take(
        api.POST('/api/tasks/{task_id}/outreach', {
          params: { path: { task_id: task.id } },
          body: { channel: 'message', outcome: 'sent', note: '' },
          ...init,
        }),
      ),
    invalidates: [['tasks']],
  });
  const form = useForm({
    initialValues: { subject: task.title, body: '' },
    checks: (values) => ({
      subject: !values.subject.trim() && 'required',
      body: !values.body.trim() && 'required',
    }),
    submit: async (values) => {
      await send.mutateAsync(values);
      await log.mutateAsync(undefined);
      showToast({ text: t('messageSent') });
      onDone();
    },
  });
  return (
    <form {...form.props} className={classes.form} aria-label={t('message')}>
      {!task.visit_id && (
        <TextInput label={t('subject')} maxLength={200} {...form.field('subject')} />
      )}
      <Textarea
        label={t('messageTo', { name: task.patient_name })}
        description={t('messageHint')}
        autosize
        minRows={3}
        maxLength={5000}
        autoFocus
        {...form.field('body')}
      />
      <FormFoot form={form} submit={t('send')} onDone={onDone} />
    </form>
  );
}
