import { Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { onEscape } from '@/lib/focus/useOpened';
import { showToast } from '@/ui/toasts/toast';
import classes from '../FollowupPage.module.css';
import { taskDraft } from '../outbox/editing';
import { useTaskDeed } from '../outbox/useTaskDeed';
import type { Task } from '../queries';
import { useTaskActions } from '../task/useTaskActions';
import { FormFoot } from './FormFoot';

interface CloseFormProps {
  task: Task;
  how: 'complete' | 'cancel';
  onDone: () => void;
}

/** Closes a task with what came of it; closing can be undone. */
export function CloseForm({ task, how, onDone }: CloseFormProps) {
  const t = useTranslations('followup');
  const { reopen } = useTaskActions(task);
  const close = useTaskDeed(task, {
    onDone: ({ task: closed }) =>
      showToast({
        text: t(how === 'complete' ? 'completed' : 'cancelled'),
        action: { label: t('undo'), run: () => reopen(closed.version) },
      }),
    onGone: onDone,
  });
  const form = useKeptForm(taskDraft(how, task.id), {
    initialValues: { outcome: '' },
    checks: (values) => ({ outcome: how === 'cancel' && !values.outcome.trim() && 'required' }),
    submit: ({ outcome }) => close.mutateAsync({ deed: how, outcome }),
  });
  return (
    <form {...form.props} className={classes.form} aria-label={t(how)} onKeyDown={onEscape(onDone)}>
      <Textarea
        label={t(how === 'complete' ? 'whatCame' : 'whyCancelled')}
        autosize
        minRows={2}
        maxLength={2000}
        autoFocus
        {...form.field('outcome')}
      />
      <FormFoot form={form} submit={t(how)} onDone={onDone} />
    </form>
  );
}
