import { Select, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { onEscape } from '@/lib/focus/useOpened';
import classes from '../FollowupPage.module.css';
import { taskDraft } from '../outbox/editing';
import { useTaskDeed } from '../outbox/useTaskDeed';
import type { Task } from '../queries';
import { FormFoot } from './FormFoot';
import { useDueDays } from './useDueDays';

const CHANNELS = ['phone', 'message', 'sms', 'email'] as const;
const OUTCOMES = [
  'reached',
  'no_answer',
  'left_message',
  'wrong_number',
  'declined',
  'sent',
] as const;
const AGAIN = { never: null, tomorrow: 1, days3: 3, week: 7 } as const;
type Again = keyof typeof AGAIN;

/** Writes down one attempt to reach the patient, and when to try again. */
export function OutreachForm({ task, onDone }: { task: Task; onDone: () => void }) {
  const t = useTranslations('followup');
  const { dueIn, option, closed } = useDueDays();
  const log = useTaskDeed(task, { onGone: onDone });
  const form = useKeptForm(taskDraft('outreach', task.id), {
    initialValues: {
      channel: 'phone' as (typeof CHANNELS)[number],
      outcome: '' as (typeof OUTCOMES)[number] | '',
      note: '',
      again: 'never' as Again,
    },
    checks: (values) => ({ outcome: !values.outcome && 'required' }),
    paths: { next_try_at: 'again' },
    submit: async ({ again, outcome, ...values }) => {
      if (!outcome) return;
      const days = AGAIN[again];
      await log.mutateAsync({
        deed: 'outreach',
        attempt: { ...values, outcome, next_try_at: days === null ? null : dueIn(days) },
        again,
      });
    },
  });
  return (
    <form
      {...form.props}
      className={classes.form}
      aria-label={t('logOutreach')}
      onKeyDown={onEscape(onDone)}
    >
      <div className={classes.choices}>
        <Select
          label={t('how')}
          data={CHANNELS.map((value) => ({ value, label: t(`channel.${value}`) }))}
          allowDeselect={false}
          {...form.field('channel')}
        />
        <Select
          label={t('outcomeOf')}
          placeholder={t('chooseOne')}
          data={OUTCOMES.map((value) => ({ value, label: t(`outcome.${value}`) }))}
          allowDeselect={false}
          autoFocus
          {...form.field('outcome')}
        />
        <Select
          label={t('tryAgain')}
          data={Object.entries(AGAIN).map(([value, days]) => ({
            value,
            label: days ? option(t(`again.${value}`), days) : t(`again.${value}`),
            disabled: days !== null && dueIn(days) === null,
          }))}
          description={closed && t('noOpenDay')}
          allowDeselect={false}
          {...form.field('again')}
        />
      </div>
      <Textarea label={t('note')} autosize minRows={2} maxLength={2000} {...form.field('note')} />
      <FormFoot form={form} submit={t('save')} onDone={onDone} />
    </form>
  );
}
