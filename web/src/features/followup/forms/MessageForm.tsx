import { Textarea, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { onEscape } from '@/lib/focus/useOpened';
import { sendThread } from '@/lib/outbox/sendThread';
import { showToast } from '@/ui/toasts/toast';
import classes from '../FollowupPage.module.css';
import type { Task } from '../queries';
import { FormFoot } from './FormFoot';

/** Writes to the task's patient, into the visit's thread if there is one, and logs the attempt. */
export function MessageForm({ task, onDone }: { task: Task; onDone: () => void }) {
  const t = useTranslations('followup');
  const form = useKeptForm(`task.message.${task.id}`, {
    initialValues: { subject: task.title, body: '' },
    checks: (values) => ({
      subject: !values.subject.trim() && 'required',
      body: !values.body.trim() && 'required',
    }),
    submit: async (values) => {
      const started = await sendThread({
        ...values,
        patientId: task.patient_id,
        patientName: task.patient_name,
        visitId: task.visit_id,
        taskId: task.id,
      });
      showToast({ text: t(started.sent ? 'messageSent' : 'messageLater') });
      onDone();
    },
  });
  return (
    <form
      {...form.props}
      className={classes.form}
      aria-label={t('message')}
      onKeyDown={onEscape(onDone)}
    >
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
