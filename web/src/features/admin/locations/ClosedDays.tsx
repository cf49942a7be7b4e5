import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import type { Form } from '@/lib/errors/useForm';
import classes from '../AdminPage.module.css';
import type { ClosedDay } from './locations';

interface ClosedDaysProps {
  // biome-ignore lint/suspicious/noExplicitAny: `closed_days` is one field, whatever else the form holds
  form: Form<any>;
}

/** Days on which this location alone is closed. */
export function ClosedDays({ form }: ClosedDaysProps) {
  const t = useTranslations('admin.locations');
  const days: ClosedDay[] = form.values.closed_days;
  const set = (next: ClosedDay[]) => form.set('closed_days', next);
  return (
    <fieldset className={classes.group}>
      <legend>{t('closedDays')}</legend>
      <p className={classes.quiet}>{t('closedDaysHint')}</p>
      {days.map((_, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row has no name but its place
        <div key={place} className={classes.closedDay}>
          <TextInput type="date" label={t('day')} {...form.field(`closed_days.${place}.day`)} />
          <TextInput
            label={t('dayName')}
            maxLength={100}
            {...form.field(`closed_days.${place}.name`)}
          />
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label={t('removeDay', { place: place + 1 })}
            onClick={() => set(days.filter((_, other) => other !== place))}
          >
            <IconX size={18} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={() => set([...days, { day: '', name: '' }])}
      >
        {t('addDay')}
      </Button>
    </fieldset>
  );
}
