import { Button, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape } from '@/lib/focus/useOpened';
import { inErrorDraft } from '../outbox/editing';
import classes from './History.module.css';
import { useInError } from './useInError';

interface TakeBackProps {
  id: string;
  /** The one that is shown. */
  version: number;
  name: string;
  patientId: string;
  close: () => void;
}

/** Asks why a record is a mistake; the reason stays in its history. */
export function TakeBack({ id, version, name, patientId, close }: TakeBackProps) {
  const t = useTranslations('chart.history');
  const actions = useTranslations('actions');
  const { mark } = useInError(patientId);
  const form = useKeptForm(inErrorDraft(id), {
    initialValues: { reason: '' },
    checks: ({ reason }) => ({ reason: !reason.trim() && 'required' }),
    submit: async ({ reason }) => {
      await mark(id, name, version, reason.trim());
      close();
    },
  });
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <TextInput autoFocus label={t('reason')} maxLength={1000} {...form.field('reason')} />
      <FormProblem of={form.problem} />
      <div className={classes.buttons}>
        <Button type="submit" loading={form.sending}>
          {t('takeBack')}
        </Button>
        <Button variant="default" onClick={close}>
          {actions('cancel')}
        </Button>
      </div>
    </form>
  );
}
