import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPencil, IconX } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { onEscape, useOpened } from '@/lib/focus/useOpened';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainWeekday } from '@/lib/time/useTimes';
import { showToast } from '@/ui/toasts/toast';
import classes from '../AdminPage.module.css';
import { type Holiday, useHolidayActions } from './holidays';

/** One day on which the clinic is closed; renamed in place, removed with a way back. */
export function HolidayRow({ holiday }: { holiday: Holiday }) {
  const { day } = holiday;
  const t = useTranslations('admin.holidays');
  const locale = useCurrentLocale();
  const name = holiday.name[locale];
  const pencil = useRef<HTMLButtonElement>(null);
  const { opened: typed, open: setTyped, close } = useOpened<string>(pencil);
  const { remove, putBack, rename } = useHolidayActions();
  const date = plainWeekday(day, locale);
  const save = () => {
    const next = typed?.trim();
    if (next && next !== name) rename.mutate({ day, was: name, name: next });
    close();
  };
  return (
    <li className={classes.row}>
      <span className={classes.holidayDay}>{date}</span>
      {typed === null ? (
        <>
          <span className={classes.rowName}>{name}</span>
          <ActionIcon
            ref={pencil}
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('rename', { name, date })}
            onClick={() => setTyped(name)}
          >
            <IconPencil size={18} />
          </ActionIcon>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('remove', { name, date })}
            loading={remove.isPending}
            onClick={() =>
              remove.mutate([day], {
                onSuccess: () =>
                  showToast({
                    text: t('removed', { name }),
                    action: { label: t('undo'), run: () => putBack.mutate({ day, name }) },
                  }),
              })
            }
          >
            <IconX size={18} />
          </ActionIcon>
        </>
      ) : (
        <form
          className={classes.rowName}
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextInput
            aria-label={t('name')}
            maxLength={100}
            autoFocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            onKeyDown={onEscape(close)}
          />
          <Button type="submit" variant="default">
            {t('save')}
          </Button>
        </form>
      )}
    </li>
  );
}
