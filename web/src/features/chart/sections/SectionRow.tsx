import { ActionIcon, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useOpened } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { partialDate } from '@/lib/time/partialDate';
import { HistoryButton } from '../history/HistoryButton';
import { TakeBack } from '../history/TakeBack';
import { UnsentOfRecord } from '../outbox/UnsentInChart';
import summary from '../summary/Summary.module.css';
import { ChangeEntry } from './ChangeEntry';
import type { ChartSection, SectionItem } from './queries';

interface SectionRowProps {
  section: ChartSection;
  item: SectionItem;
  patientId: string;
  editable: boolean;
}

/** One record of a section, and what can be done with it. */
export function SectionRow({ section, item, patientId, editable }: SectionRowProps) {
  const t = useTranslations('chart/sections');
  const chart = useTranslations('chart.summary');
  const locale = useCurrentLocale();
  const { opened, open, close } = useOpened<'change' | 'mistake'>();
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
        <UnsentOfRecord
          recordId={item.id}
          onEdit={opened ? null : (form) => open(form === 'change' ? 'change' : 'mistake')}
        />
        {opened === 'change' && (
          <ChangeEntry section={section} item={item} patientId={patientId} close={close} />
        )}
        {opened === 'mistake' && (
          <TakeBack
            id={item.id}
            version={item.version}
            name={name}
            patientId={patientId}
            close={close}
          />
        )}
      </span>
      {!opened && <HistoryButton recordId={item.id} patientId={patientId} name={name} />}
      {editable && !opened && (
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon variant="subtle" color="gray" aria-label={chart('more', { name })}>
              <IconDots size={16} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => open('change')}>{t('change')}</Menu.Item>
            <Menu.Item onClick={() => open('mistake')}>{chart('inError')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </li>
  );
}
