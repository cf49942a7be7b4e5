import { Button } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { showToast } from '@/ui/toasts/toast';
import { sectionDraft } from '../outbox/editing';
import { useChartDeed } from '../outbox/useChartDeed';
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
  const locale = useCurrentLocale();
  const add = useChartDeed(patientId, { onDone: () => showToast({ text: t('added') }) });
  const form = useKeptForm<Record<string, string>>(sectionDraft(section.type, patientId), {
    initialValues: Object.fromEntries(fields.map(({ name }) => [name, ''])),
    checks: (values) =>
      Object.fromEntries(
        fields.map(({ name, required }) => [name, required && !values[name]?.trim() && 'required']),
      ),
    submit: async (values) => {
      await add.mutateAsync({
        deed: 'add',
        name: section.title[locale],
        what: { part: 'section', type: section.type, body: { values, visit_id: visitId } },
      });
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
