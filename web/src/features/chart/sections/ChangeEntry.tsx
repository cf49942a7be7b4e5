import { Alert, Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { showToast } from '@/ui/toasts/toast';
import { changeDraft } from '../outbox/editing';
import { useChartDeed } from '../outbox/useChartDeed';
import { FieldInputs } from './FieldInputs';
import type { ChartSection, SectionItem } from './queries';
import classes from './Sections.module.css';

interface ChangeEntryProps {
  section: ChartSection;
  item: SectionItem;
  patientId: string;
  close: () => void;
}

type Values = Record<string, string>;

/** What of `values` says another thing than `others`. */
const differing = (values: Values, others: Values): Values =>
  Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== others[name]));

/**
 * The same form over a record that is there. Only the fields that were changed are sent. Where somebody else changes the
 * record meanwhile, what was typed stays, and what stands now is said beside it.
 */
export function ChangeEntry({ section, item, patientId, close }: ChangeEntryProps) {
  const t = useTranslations('chart/sections');
  const actions = useTranslations('actions');
  const locale = useCurrentLocale();
  const [begun] = useState(item);
  const change = useChartDeed(patientId, { onDone: () => showToast({ text: t('changed') }) });
  const form = useKeptForm<Values>(changeDraft(item.id), {
    initialValues: begun.values,
    checks: (values) =>
      Object.fromEntries(
        section.fields.map(({ name, required }) => [
          name,
          required && begun.values[name] !== '' && !values[name]?.trim() && 'required',
        ]),
      ),
    submit: async (values) => {
      const body = { values: differing(values, begun.values) };
      await change.mutateAsync({
        deed: 'change',
        name: item.title[locale],
        recordId: item.id,
        version: item.version,
        what: { part: 'section', type: section.type, body },
      });
      close();
    },
  });
  const byOthers = item.version !== begun.version;
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <FieldInputs
        fields={section.fields}
        field={form.field}
        now={differing(item.values, begun.values)}
      />
      <div role="status">
        {byOthers && (
          <Alert role="none" color="yellow" mt="sm">
            {t('changedMeanwhile')}
          </Alert>
        )}
      </div>
      <FormProblem of={byOthers && form.problem?.code === 'record_stale' ? null : form.problem} />
      <div className={classes.buttons}>
        <Button type="submit" loading={form.sending}>
          {actions('save')}
        </Button>
        <Button variant="default" onClick={close}>
          {actions('cancel')}
        </Button>
      </div>
    </form>
  );
}
