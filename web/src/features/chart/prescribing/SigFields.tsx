import { Chip, Group, NativeSelect, NumberInput, SegmentedControl, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { type Choice, type Drug, type Sig, type SigWords, useWords } from './model';
import classes from './Prescribing.module.css';

interface SigFieldsProps {
  drug: Drug;
  sig: Sig;
  words: SigWords;
  error: (path: string) => string | null;
  onChange: (part: Partial<Sig>) => void;
}

/** The directions in their parts. The sentence that they make is shown by `DraftEditor`. */
export function SigFields({ drug, sig, words, error, onChange }: SigFieldsProps) {
  const t = useTranslations('chart/prescribing.sig');
  const say = useWords();
  const shown = (path: string) => {
    const code = error(`sig.${path}`);
    return code && <ErrorText code={code} />;
  };
  const options = (choices: readonly Choice[]) =>
    choices.map(({ key, text }) => ({ value: key, label: say(text) }));
  const units = options(words.units.filter(({ key }) => drug.units.includes(key)));
  const sites = words.sites[drug.route];
  // What is applied as a thin layer is not counted.
  const counted = sig.unit !== 'layer' && sig.unit !== 'ribbon';

  return (
    <div className={classes.fields}>
      <div className={classes.row}>
        {counted && (
          <>
            <NumberInput
              className={classes.short ?? ''}
              label={units.length > 1 ? t('dose') : t('doseIn', { unit: units[0]?.label ?? '' })}
              value={sig.dose}
              min={0}
              step={1}
              decimalScale={3}
              allowNegative={false}
              error={shown('dose')}
              onChange={(dose) => typeof dose === 'number' && onChange({ dose })}
            />
            <NumberInput
              className={classes.short ?? ''}
              label={t('doseMax')}
              value={sig.dose_max ?? ''}
              min={0}
              decimalScale={3}
              allowNegative={false}
              error={shown('dose_max')}
              onChange={(most) => onChange({ dose_max: typeof most === 'number' ? most : null })}
            />
          </>
        )}
        {units.length > 1 && (
          <NativeSelect
            label={t('unit')}
            data={units}
            value={sig.unit}
            error={shown('unit')}
            onChange={(event) => onChange({ unit: event.currentTarget.value })}
          />
        )}
        <NativeSelect
          className={classes.grow ?? ''}
          label={t('frequency')}
          data={options(words.frequencies)}
          value={sig.frequency}
          error={shown('frequency')}
          onChange={(event) => onChange({ frequency: event.currentTarget.value })}
        />
        <NumberInput
          className={classes.short ?? ''}
          label={t('days')}
          placeholder={t('ongoing')}
          value={sig.days ?? ''}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          error={shown('days')}
          onChange={(days) => onChange({ days: typeof days === 'number' ? days : null })}
        />
        <NativeSelect
          className={classes.grow ?? ''}
          label={t('prn')}
          data={[
            { value: '', label: t('always') },
            ...words.reasons.map(({ key, text }) => ({
              value: key,
              label: t('asNeeded', { reason: say(text) }),
            })),
          ]}
          value={sig.prn ?? ''}
          error={shown('prn')}
          onChange={(event) => onChange({ prn: event.currentTarget.value || null })}
        />
      </div>
      {sites && (
        <SegmentedControl
          aria-label={t('site')}
          data={options(sites)}
          value={sig.site ?? ''}
          onChange={(site) => onChange({ site })}
        />
      )}
      <Chip.Group multiple value={sig.notes} onChange={(notes) => onChange({ notes })}>
        <Group gap="xs" role="group" aria-label={t('notes')}>
          {offered(words.notes, drug, sig).map(({ key, text }) => (
            <Chip key={key} value={key} size="sm">
              {say(text)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <TextInput
        label={t('extra')}
        description={t('extraHint')}
        maxLength={140}
        value={sig.extra}
        error={shown('extra')}
        onChange={(event) => onChange({ extra: event.currentTarget.value })}
      />
    </div>
  );
}

const COMMON = ['with_food', 'empty_stomach', 'finish_all', 'water', 'no_alcohol', 'drowsy'];

/** The notes that go with this medicine, those already chosen, and the ones that go with most by mouth. */
function offered(notes: readonly Choice[], drug: Drug, sig: Sig): Choice[] {
  const keys = new Set([
    ...drug.usual.flatMap((usual) => usual.sig.notes),
    ...sig.notes,
    ...(drug.route === 'oral' ? COMMON : []),
  ]);
  return notes.filter(({ key }) => keys.has(key));
}
