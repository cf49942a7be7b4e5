import { Button, Group } from '@mantine/core';
import { useTranslations } from 'use-intl';
import type { ApiProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';

interface FormFootProps {
  form: { problem: ApiProblem | null; sending: boolean };
  /** The verb on the button that sends the form. */
  submit: string;
  onDone: () => void;
}

/** The end of a form on a task: what went wrong, send it, or not now. */
export function FormFoot({ form, submit, onDone }: FormFootProps) {
  const t = useTranslations('followup');
  return (
    <>
      <FormProblem of={form.problem} />
      <Group>
        <Button type="submit" loading={form.sending}>
          {submit}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('notNow')}
        </Button>
      </Group>
    </>
  );
}
