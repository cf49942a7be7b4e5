import { Button, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import type { components } from '@/lib/api/schema';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { type Delivered, deliver } from '@/lib/outbox/deliver';
import { showToast } from '@/ui/toasts/toast';
import { inDays } from '../due';
import classes from '../FollowupPage.module.css';
import { newTaskDraft } from '../outbox/editing';
import type { NewTaskLetter } from '../outbox/kinds';
import { type TaskDetail, teamQuery } from '../queries';
import { useDueDays } from './useDueDays';

type NewTask = components['schemas']['NewTask'];

const KINDS = ['call', 'lab', 'recheck', 'referral', 'other'] as const;
const DUE = { tomorrow: 1, days3: 3, week: 7, weeks2: 14, month: 30 } as const;
const PRIORITIES = ['0', '1', '2'] as const;

interface NewTaskFormProps {
  patientId: string;
  patientName: string;
  /** Null while the task is not there yet: it waits on this device, or went out by another tab. */
  onDone: (taskId: string | null) => void | Promise<void>;
}

/** A task made by hand: what, by when, how pressing, and who does it. */
export function NewTaskForm({ patientId, patientName, onDone }: NewTaskFormProps) {
  const t = useTranslations('followup');
  const { dueIn, option, closed } = useDueDays();
  const team = useQuery(teamQuery).data ?? [];
  const tOutbox = useTranslations('messaging/outbox');
  const create = useAction<Pick<NewTaskLetter, 'task' | 'typed'>, Delivered<TaskDetail>>({
    run: (made) => {
      const letter: NewTaskLetter = { kind: 'new_task', patientName, ...made };
      return deliver(letter);
    },
    onDone: (delivered) => {
      if (!delivered.sent) showToast({ text: tOutbox('kept') });
      return onDone(delivered.sent ? (delivered.answer?.task.id ?? null) : null);
    },
  });
  const form = useKeptForm(newTaskDraft(patientId), {
    initialValues: {
      title: '',
      kind: 'call' as (typeof KINDS)[number],
      due: 'tomorrow' as keyof typeof DUE,
      priority: '0' as (typeof PRIORITIES)[number],
      assignee_id: null as string | null,
      detail: '',
    },
    checks: ({ title }) => ({ title: !title.trim() && 'required' }),
    paths: { due_at: 'due' },
    submit: ({ due, priority, ...values }) =>
      create.mutateAsync({
        task: {
          ...values,
          patient_id: patientId,
          priority: Number(priority) as NonNullable<NewTask['priority']>,
          due_at: dueIn(DUE[due]) ?? inDays(DUE[due], new Date()),
        },
        typed: { ...values, due, priority },
      }),
  });
  return (
    <form {...form.props}>
      <Stack>
        <TextInput label={t('new.what')} maxLength={200} {...form.field('title')} />
        <div className={classes.choices}>
          <Select
            label={t('new.kind')}
            data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
            allowDeselect={false}
            {...form.field('kind')}
          />
          <Select
            label={t('new.due')}
            data={Object.entries(DUE).map(([value, days]) => ({
              value,
              label: option(t(`new.dueIn.${value}`), days),
            }))}
            description={closed && t('noOpenDay')}
            allowDeselect={false}
            {...form.field('due')}
          />
          <Select
            label={t('new.priority')}
            data={PRIORITIES.map((value) => ({ value, label: t(`new.pressing.${value}`) }))}
            allowDeselect={false}
            {...form.field('priority')}
          />
          <Select
            label={t('assignee')}
            placeholder={t('nobody')}
            data={team.map(({ id, name }) => ({ value: id, label: name }))}
            clearable
            searchable
            {...form.field('assignee_id')}
          />
        </div>
        <Textarea
          label={t('new.detail')}
          autosize
          minRows={3}
          maxLength={2000}
          {...form.field('detail')}
        />
        <FormProblem of={form.problem} />
        <Button type="submit" loading={form.sending}>
          {t('new.add')}
        </Button>
      </Stack>
    </form>
  );
}
