import { Button, CloseButton, TextInput } from '@mantine/core';
import {
  IconCalendarRepeat,
  IconListCheck,
  IconMicroscope,
  IconPhone,
  IconUserShare,
} from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { isUnread, numberOf, readNumber, type Typed, written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import { Kbd } from '@/ui/marks/Kbd';
import { type Content, dueField, type PlanItem, type PlanKind, withTyped } from '../content';
import classes from './NoteEditor.module.css';

interface PlanEditorProps {
  items: readonly PlanItem[];
  typed: Content['typed'];
  errors: Readonly<Record<string, ReactNode>>;
  onChange: (items: readonly PlanItem[], typed: Content['typed']) => void;
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
const DAY_WORDS = ['d', 'days', 'días'];

export const readDays = (text: string, locale: string): Typed =>
  readNumber(text, { locale, low: 0, high: LONGEST_DAYS, units: DAY_WORDS });

const dueOf = (item: PlanItem, typed: Content['typed'], read: (text: string) => Typed): Typed => {
  const text = typed[dueField(item.id)];
  return text === undefined ? (item.due_in_days ?? null) : read(text);
};

export function PlanEditor({ items, typed, errors, onChange }: PlanEditorProps) {
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
    const title = t(`quickTitle.${kind}`);
    onChange([...items, { id, kind, title, due_in_days, detail: '' }], typed);
    setAdded(id);
  };
  const change = (id: string, next: Partial<PlanItem>, now = typed) =>
    onChange(
      items.map((item) => (item.id === id ? { ...item, ...next } : item)),
      now,
    );
  const locale = useCurrentLocale();
  const days = (text: string) => readDays(text, locale);

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
            <ReadField
              aria-label={t('planDue')}
              inputMode="numeric"
              leftSection={<span className={classes.prefix}>{t('planDuePrefix')}</span>}
              unit={t('planDueSuffix')}
              read={days}
              write={written}
              value={dueOf(item, typed, days)}
              error={errors[`content.plan_items.${place}.due_in_days`]}
              onChange={(due, text) =>
                change(
                  item.id,
                  { due_in_days: numberOf(due) },
                  withTyped(typed, dueField(item.id), isUnread(due) ? text : ''),
                )
              }
            />
            <CloseButton
              mt={4}
              aria-label={t('removePlan', { title: item.title })}
              onClick={() =>
                onChange(
                  items.filter(({ id }) => id !== item.id),
                  withTyped(typed, dueField(item.id), ''),
                )
              }
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
