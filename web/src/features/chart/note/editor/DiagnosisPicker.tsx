import { Checkbox, CloseButton, Combobox, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { Kbd } from '@/ui/marks/Kbd';
import { diagnosesQuery } from '../../queries';
import type { Diagnosis } from '../content';
import classes from './NoteEditor.module.css';

interface DiagnosisPickerProps {
  diagnoses: readonly Diagnosis[];
  errors: Readonly<Record<string, ReactNode>>;
  onChange: (diagnoses: readonly Diagnosis[]) => void;
}

const PAUSE_MS = 120;

/** Diagnoses by ICD-10-CM, found by code, by clinical words or by what people call them. */
export function DiagnosisPicker({ diagnoses, errors, onChange }: DiagnosisPickerProps) {
  const t = useTranslations('chart.note');
  const change = (code: string, next: Partial<Diagnosis>) =>
    onChange(diagnoses.map((each) => (each.code === code ? { ...each, ...next } : each)));
  return (
    <>
      <ul className={classes.rows} aria-label={t('diagnoses')}>
        {diagnoses.map((each, place) => (
          <li key={each.code} className={classes.row}>
            <span className={classes.code}>{each.code}</span>
            <span className={classes.grow}>
              {each.display}
              {place === 0 && diagnoses.length > 1 && (
                <span className={classes.quiet}> · {t('primary')}</span>
              )}
              <span className={classes.error}>{errors[`content.diagnoses.${place}.code`]}</span>
            </span>
            <Checkbox
              size="xs"
              label={t('addToProblems')}
              checked={each.add_to_problems}
              onChange={(event) =>
                change(each.code, { add_to_problems: event.currentTarget.checked })
              }
            />
            <CloseButton
              size="sm"
              aria-label={t('removeDiagnosis', { name: each.display })}
              onClick={() => onChange(diagnoses.filter(({ code }) => code !== each.code))}
            />
          </li>
        ))}
      </ul>
      <DiagnosisSearch
        taken={diagnoses.map(({ code }) => code)}
        onPick={(picked) => onChange([...diagnoses, { ...picked, add_to_problems: false }])}
      />
    </>
  );
}

interface DiagnosisSearchProps {
  taken: readonly string[];
  onPick: (picked: { code: string; display: string }) => void;
}

export function DiagnosisSearch({ taken, onPick }: DiagnosisSearchProps) {
  const t = useTranslations('chart.note');
  const locale = useCurrentLocale();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const found = useQuery({ ...diagnosesQuery(asked), placeholderData: keepPreviousData });
  const options = typed.trim().length > 1 ? (found.data ?? []) : [];
  const { selectFirstOption, resetSelectedOption } = combobox;
  // What is on screen answers what is typed, not what was typed a moment ago: Enter takes nothing else.
  const best = typed === asked && !found.isPlaceholderData ? options[0]?.code : undefined;
  useEffect(() => {
    if (best) selectFirstOption();
    else resetSelectedOption();
  }, [best, selectFirstOption, resetSelectedOption]);

  const pick = (code: string) => {
    const picked = options.find((option) => option.code === code);
    if (picked) onPick(picked);
    setTyped('');
    combobox.closeDropdown();
  };

  return (
    <Combobox store={combobox} onOptionSubmit={pick} withinPortal>
      <Combobox.Target>
        <TextInput
          aria-label={t('searchDiagnosis')}
          placeholder={t('searchDiagnosisHint')}
          leftSection={<IconSearch size={16} aria-hidden />}
          rightSection={<Kbd>Alt D</Kbd>}
          rightSectionWidth={64}
          value={typed}
          data-part="diagnosis"
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
          }}
          onFocus={() => typed && combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={typed.trim().length < 2}>
        <Combobox.Options mah={280} style={{ overflowY: 'auto' }} aria-label={t('diagnoses')}>
          {options.map((option) => {
            const lay = locale === 'es' ? option.lay_es : option.lay;
            return (
              <Combobox.Option
                key={option.code}
                value={option.code}
                disabled={!option.billable || taken.includes(option.code)}
              >
                <span className={classes.option}>
                  <span className={classes.optionLine}>
                    <span className={classes.code}>{option.code}</span>
                    <span>{option.display}</span>
                  </span>
                  {!option.billable && <span className={classes.quiet}>{t('tooGeneral')}</span>}
                  {option.billable && lay && <span className={classes.quiet}>{lay}</span>}
                </span>
              </Combobox.Option>
            );
          })}
          {options.length === 0 && (
            <Combobox.Empty>{found.isFetching ? t('searching') : t('noDiagnosis')}</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
