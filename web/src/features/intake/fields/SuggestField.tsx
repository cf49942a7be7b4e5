import { TextInput } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, type ReactNode, useEffect, useId, useState } from 'react';
import { useTranslations } from 'use-intl';
import classes from './SuggestField.module.css';

export interface Suggestion {
  id: string;
  name: string;
  detail?: string;
}

interface SuggestFieldProps {
  label: string;
  description?: string;
  value: string;
  error?: ReactNode;
  /** Words typed by hand: nothing was picked. */
  onType: (text: string) => void;
  onPick: (suggestion: Suggestion) => void;
  /** What is searched in; part of the query's key. */
  source: string;
  search: (words: string) => Promise<Suggestion[]>;
}

const PAUSE_MS = 200;
const SHORTEST = 2;

/** A text field with suggestions to pick from (the combobox pattern); any words may stay as typed. */
export function SuggestField(props: SuggestFieldProps) {
  const { value, onType, onPick, source, search } = props;
  const t = useTranslations('intake.suggest');
  const id = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const words = useSettled(value.trim());
  const query = useQuery({
    queryKey: ['intake-suggest', source, words],
    queryFn: () => search(words),
    enabled: open && words.length >= SHORTEST,
    placeholderData: keepPreviousData,
    retry: false,
  });
  const items = open && words.length >= SHORTEST ? (query.data ?? []) : [];

  const pick = (item: Suggestion) => {
    onPick(item);
    setOpen(false);
    setActive(-1);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') setOpen(false);
    if (items.length === 0) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 1 : -1;
      setActive((active + step + items.length) % items.length);
    }
    const chosen = items[active];
    if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      pick(chosen);
    }
  };

  return (
    <div className={classes.field}>
      <TextInput
        label={props.label}
        description={props.description}
        error={props.error}
        value={value}
        maxLength={200}
        autoComplete="off"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={items.length > 0}
        aria-controls={`${id}-list`}
        {...(items[active] ? { 'aria-activedescendant': `${id}-${active}` } : {})}
        onChange={(event) => {
          onType(event.currentTarget.value);
          setOpen(true);
          setActive(-1);
        }}
        onKeyDown={onKeyDown}
        onBlur={() => setOpen(false)}
      />
      <div
        id={`${id}-list`}
        role="listbox"
        aria-label={t('label')}
        className={classes.list}
        hidden={items.length === 0}
      >
        {items.map((item, at) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus, as the combobox pattern wants
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input handles the keys
          <div
            key={item.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === active}
            className={classes.item}
            // The field would lose its focus, and the list close, before the click arrives.
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => pick(item)}
          >
            {item.name}
            {item.detail && <span className={classes.detail}>{item.detail}</span>}
          </div>
        ))}
      </div>
      <p className="visually-hidden" role="status">
        {items.length > 0 && t('found', { count: items.length })}
      </p>
    </div>
  );
}

/** The text once nobody has typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
