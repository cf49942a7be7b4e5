import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape } from '@/lib/focus/useOpened';
import { showToast } from '@/ui/toasts/toast';
import { FieldInputs } from './FieldInputs';
import type { ChartSection } from './queries';
import classes from './Sections.module.css';

interface AddToSectionProps {
  section: ChartSection;
  patientId: string;
  visitId: string | null;
  close: () => void;
}

/** The form of a section, made of the fields that it asks for. */
export function AddToSection({ section, patientId, visitId, close }: AddToSectionProps) {
  const t = useTranslations('chart/sections');
  const actions = useTranslations('actions');
  const fields = section.fields.filter(({ asked }) => asked);
  const add = useAction({
    run: (values: Record<string, string>, init) =>
      take(
        api.POST('/api/patients/{patient_id}/sections/{resource_type}', {
          params: { path: { patient_id: patientId, resource_type: section.type } },
          body: { values, visit_id: visitId },
          ...init,
        }),
      ),
    invalidates: [['patient', patientId]],
    onDone: () => showToast({ text: t('added') }),
  });
  const form = useKeptForm(`section.${section.type}.${patientId}`, {
    initialValues: Object.fromEntries(fields.map(({ name }) => [name, ''])),
    checks: (values) =>
      Object.fromEntries(
        fields.map(({ name, required }) => [name, required && !values[name]?.trim() && 'required']),
      ),
    submit: async (values) => {
      await add.mutateAsync(values);
      close();
    },
  });
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <FieldInputs fields={fields} field={form.field} />
      <FormProblem of={form.problem} />
      <div className={classes.buttons}>
        <Button type="submit" loading={form.sending}>
          {t('add')}
        </Button>
        <Button variant="default" onClick={close}>
          {actions('cancel')}
        </Button>
      </div>
    </form>
  );
}
