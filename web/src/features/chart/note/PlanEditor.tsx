import { Button, CloseButton, NumberInput, TextInput } from '@mantine/core';
import {
  IconCalendarRepeat,
  IconListCheck,
  IconMicroscope,
  IconPhone,
  IconUserShare,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { Kbd } from '@/ui/Kbd';
import type { PlanItem, PlanKind } from './content';
import classes from './NoteEditor.module.css';

interface PlanEditorProps {
  items: readonly PlanItem[];
  errors: Readonly<Record<string, ReactNode>>;
  onChange: (items: readonly PlanItem[]) => void;
}

/** What is offered by one press: each becomes a task of the clinic when the note is signed. */
const QUICK = [
  { kind: 'call', days: 3, icon: IconPhone },
  { kind: 'recheck', days: 14, icon: IconCalendarRepeat },
  { kind: 'lab', days: 2, icon: IconMicroscope },
  { kind: 'referral', days: 7, icon: IconUserShare },
  { kind: 'other', days: 7, icon: IconListCheck },
] as const satisfies readonly { kind: PlanKind; days: number; icon: typeof IconPhone }[];

const LONGEST_DAYS = 730;

export function PlanEditor({ items, errors, onChange }: PlanEditorProps) {
  const t = useTranslations('chart.note');
  const [added, setAdded] = useState<string | null>(null);
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (!added) return;
    const field = list.current?.querySelector<HTMLInputElement>(`[data-item="${added}"] input`);
    field?.focus();
    field?.select();
  }, [added]);

  const add = (kind: PlanKind, due_in_days: number) => {
    const id = crypto.randomUUID();
    onChange([...items, { id, kind, title: t(`quickTitle.${kind}`), due_in_days, detail: '' }]);
    setAdded(id);
  };
  const change = (id: string, next: Partial<PlanItem>) =>
    onChange(items.map((item) => (item.id === id ? { ...item, ...next } : item)));

  return (
    <>
      <ul ref={list} className={classes.rows} aria-label={t('planItems')}>
        {items.map((item, place) => (
          <li key={item.id} className={classes.plan} data-item={item.id}>
            <span className={classes.kind}>{t(`kind.${item.kind}`)}</span>
            <TextInput
              aria-label={t('planTitle')}
              value={item.title}
              error={errors[`content.plan_items.${place}.title`]}
              onChange={(event) => change(item.id, { title: event.currentTarget.value })}
            />
            <NumberInput
              aria-label={t('planDue')}
              prefix={t('planDuePrefix')}
              suffix={t('planDueSuffix')}
              allowDecimal={false}
              allowNegative={false}
              max={LONGEST_DAYS}
              value={item.due_in_days ?? ''}
              error={errors[`content.plan_items.${place}.due_in_days`]}
              onChange={(days) =>
                change(item.id, { due_in_days: typeof days === 'number' ? days : null })
              }
            />
            <CloseButton
              mt={4}
              aria-label={t('removePlan', { title: item.title })}
              onClick={() => onChange(items.filter(({ id }) => id !== item.id))}
            />
          </li>
        ))}
      </ul>
      <fieldset className={classes.quick} aria-label={t('planQuick')}>
        {QUICK.map(({ kind, days, icon: Icon }) => (
          <Button
            key={kind}
            size="compact-md"
            variant="light"
            leftSection={<Icon size={15} aria-hidden />}
            data-part={`plan-${kind}`}
            onClick={() => add(kind, days)}
          >
            {t(`quick.${kind}`)}
          </Button>
        ))}
        <Kbd>Alt K</Kbd>
      </fieldset>
    </>
  );
}
