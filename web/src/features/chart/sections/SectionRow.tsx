import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { onEscape, useOpened } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { partialDate } from '@/lib/time/partialDate';
import summary from '../summary/Summary.module.css';
import type { SectionItem } from './queries';
import classes from './Sections.module.css';

interface SectionRowProps {
  item: SectionItem;
  patientId: string;
  editable: boolean;
}

/** One record of a section; a mistake is taken back with the reason, which stays in its history. */
export function SectionRow({ item, patientId, editable }: SectionRowProps) {
  const t = useTranslations('chart/sections');
  const chart = useTranslations('chart.summary');
  const locale = useCurrentLocale();
  const { opened, open, close } = useOpened<true>();
  const name = item.title[locale];
  const facts = [
    ...item.facts.map((each) => each[locale]),
    item.when && partialDate(item.when, locale),
    item.due && t('due', { date: partialDate(item.due, locale) }),
    item.source === 'patient' && chart('patientReported'),
  ].filter(Boolean);
  return (
    <li className={summary.item}>
      <span className={summary.words}>
        <span className={summary.name}>{name}</span>
        {facts.length > 0 && <span className={summary.below}>{facts.join(' · ')}</span>}
        {opened && <TakeBack id={item.id} patientId={patientId} close={close} />}
      </span>
      {editable && !opened && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={chart('more', { name })}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => open(true)}>{chart('inError')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}

function TakeBack({ id, patientId, close }: { id: string; patientId: string; close: () => void }) {
  const t = useTranslations('chart/sections');
  const actions = useTranslations('actions');
  const takeBack = useAction({
    run: (reason: string) =>
      take(
        api.POST('/api/patients/{patient_id}/records/{record_id}/in-error', {
          params: { path: { patient_id: patientId, record_id: id } },
          body: { reason },
        }),
      ),
    invalidates: [['patient', patientId]],
  });
  const form = useKeptForm(`record.in-error.${id}`, {
    initialValues: { reason: '' },
    checks: ({ reason }) => ({ reason: !reason.trim() && 'required' }),
    submit: async ({ reason }) => {
      await takeBack.mutateAsync(reason.trim());
      close();
    },
  });
  return (
    <form {...form.props} onKeyDown={onEscape(close)}>
      <TextInput autoFocus label={t('reason')} {...form.field('reason')} />
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
