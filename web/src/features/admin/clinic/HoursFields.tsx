import { ActionIcon, Button, Input, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { capital } from '@/lib/time/capital';
import classes from '../AdminPage.module.css';
import { type Clinic, DAYS } from './clinic';

type Hours = Clinic['hours'];

interface HoursFieldsProps {
  hours: Hours;
  onHours: (hours: Hours) => void;
  errorAt: (path: string) => ReactNode;
}

/** A Monday; the days after it give the other names. */
const MONDAY = Date.UTC(2024, 0, 1);

/** Opening hours, day by day: any number of spans, none when closed. */
export function HoursFields({ hours, onHours, errorAt }: HoursFieldsProps) {
  const t = useTranslations('admin.clinic');
  const locale = useCurrentLocale();
  const name = (index: number) =>
    new Intl.DateTimeFormat(locale, { weekday: 'long', timeZone: 'UTC' }).format(
      MONDAY + index * 86_400_000,
    );
  return (
    <div>
      {DAYS.map((day, index) => {
        const spans = hours[day] ?? [];
        const set = (next: string[][]) => onHours({ ...hours, [day]: next });
        return (
          <div key={day} className={classes.day}>
            <span className={classes.dayName}>{capital(name(index))}</span>
            <div className={classes.spans}>
              {spans.map((span, at) => (
                <Span
                  // biome-ignore lint/suspicious/noArrayIndexKey: spans have no name but their place
                  key={at}
                  day={name(index)}
                  span={span}
                  error={errorAt(`hours.${day}.${at}`)}
                  onSpan={(next) => set(spans.map((each, place) => (place === at ? next : each)))}
                  onRemove={() => set(spans.filter((_, place) => place !== at))}
                />
              ))}
              {!spans.some(isAllDay) && (
                <div>
                  <Button
                    variant="subtle"
                    size="xs"
                    leftSection={<IconPlus size={14} aria-hidden />}
                    aria-label={t('addHours', { day: name(index) })}
                    onClick={() =>
                      set([...spans, spans.length ? ['13:00', '17:00'] : ['09:00', '17:00']])
                    }
                  >
                    {spans.length ? t('add') : t('closedAdd')}
                  </Button>
                </div>
              )}
            </div>
          </div>
        );
      })}
    </div>
  );
}

interface SpanProps {
  day: string;
  span: string[];
  error: ReactNode;
  onSpan: (span: string[]) => void;
  onRemove: () => void;
}

const isAllDay = ([start, end]: string[]) => start === '00:00' && end === '24:00';

/** The browser has no 24:00; midnight as an end is the end of the day. */
const shown = (time: string | undefined) => (time === '24:00' ? '00:00' : (time ?? ''));

function Span({ day, span, error, onSpan, onRemove }: SpanProps) {
  const t = useTranslations('admin.clinic');
  const id = useId();
  const [start, end] = span;
  const change = (from: string, to: string) => onSpan([from, to === '00:00' ? '24:00' : to]);
  return (
    <div>
      <div className={classes.span}>
        <TextInput
          type="time"
          aria-label={t('opens', { day })}
          aria-describedby={error ? id : undefined}
          error={Boolean(error)}
          value={shown(start)}
          onChange={(event) => change(event.currentTarget.value, shown(end))}
        />
        <span aria-hidden="true">–</span>
        <TextInput
          type="time"
          aria-label={t('closes', { day })}
          aria-describedby={error ? id : undefined}
          error={Boolean(error)}
          value={shown(end)}
          onChange={(event) => change(shown(start), event.currentTarget.value)}
        />
        {isAllDay(span) && <span>{t('allDay')}</span>}
        <ActionIcon
          variant="subtle"
          color="gray"
          size="lg"
          aria-label={t('removeHours', { day })}
          onClick={onRemove}
        >
          <IconX size={18} />
        </ActionIcon>
      </div>
      {error && <Input.Error id={id}>{error}</Input.Error>}
    </div>
  );
}
