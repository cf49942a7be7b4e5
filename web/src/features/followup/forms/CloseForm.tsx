import { Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { onEscape } from '@/lib/focus/useOpened';
import { showToast } from '@/ui/toasts/toast';
import classes from '../FollowupPage.module.css';
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
  const close = useAction({
    run: (outcome: string, init) => {
      const call = {
        params: { path: { task_id: task.id } },
        body: { outcome, version: task.version },
        ...init,
      };
      return take(
        how === 'complete'
          ? api.POST('/api/tasks/{task_id}/complete', call)
          : api.POST('/api/tasks/{task_id}/cancel', call),
      );
    },
    invalidates: [['tasks']],
    onDone: ({ task: closed }) => {
      showToast({
        text: t(how === 'complete' ? 'completed' : 'cancelled'),
        action: { label: t('undo'), run: () => reopen.mutate(closed.version) },
      });
      onDone();
    },
  });
  const form = useKeptForm(`task.${how}.${task.id}`, {
    initialValues: { outcome: '' },
    checks: (values) => ({ outcome: how === 'cancel' && !values.outcome.trim() && 'required' }),
    submit: ({ outcome }) => close.mutateAsync(outcome),
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
