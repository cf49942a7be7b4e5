import { Chip, Group, NativeSelect, SegmentedControl, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { type Amount, readAmount, writtenAmount } from '@/lib/number/amounts';
import { isUnread, readNumber, written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import {
  type Choice,
  type Drug,
  type Form,
  type Sig,
  type SigWords,
  typedField,
  useWords,
} from '../model';
import classes from '../Prescribing.module.css';

interface SigFieldsProps {
  drug: Drug;
  form: Form;
  words: SigWords;
  error: (path: string) => string | null;
  onChange: (part: Partial<Form>) => void;
}

/** The directions in their parts. The sentence that they make is shown by `DraftEditor`. */
export function SigFields({ drug, form, words, error, onChange: change }: SigFieldsProps) {
  const { sig } = form;
  const onChange = (part: Partial<Sig>) => change({ sig: { ...sig, ...part } });
  const locale = useCurrentLocale();
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
  const dose = (text: string, unit = sig.unit) => {
    const word = words.units.find(({ key }) => key === unit);
    const named = word ? [word.text.en ?? '', word.text.es ?? ''] : [];
    return readAmount(text, { ...DOSE, locale, units: [...named, ...(ALSO[unit] ?? [])] });
  };
  const meant = (amount: Amount | null): Partial<Sig> =>
    amount ? { dose: amount.low, dose_max: amount.high } : {};
  /** The text of the dose is read anew in the other unit. */
  const chooseUnit = (unit: string) => {
    const { 'sig.dose': text, ...typed } = form.typed;
    const read = text === undefined ? null : dose(text, unit);
    if (!isCounted(unit)) change({ sig: { ...sig, unit, dose: 1, dose_max: null }, typed });
    else if (isUnread(read)) onChange({ unit });
    else change({ sig: { ...sig, unit, ...meant(read) }, typed });
  };

  return (
    <div className={classes.fields}>
      <div className={classes.row}>
        {isCounted(sig.unit) && (
          <ReadField
            className={classes.dose ?? ''}
            label={units.length > 1 ? t('dose') : t('doseIn', { unit: units[0]?.label ?? '' })}
            description={t('doseHint')}
            write={(amount) => writtenAmount(amount, t('to'))}
            error={shown('dose') ?? shown('dose_max')}
            {...typedField(
              form,
              'sig.dose',
              { low: sig.dose, high: sig.dose_max },
              dose,
              (amount) => onChange(meant(amount)),
              change,
            )}
          />
        )}
        {units.length > 1 && (
          <NativeSelect
            label={t('unit')}
            data={units}
            value={sig.unit}
            error={shown('unit')}
            onChange={(event) => chooseUnit(event.currentTarget.value)}
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
        <ReadField
          className={classes.short ?? ''}
          label={t('days')}
          placeholder={t('ongoing')}
          inputMode="numeric"
          write={written}
          error={shown('days')}
          {...typedField(
            form,
            'sig.days',
            sig.days,
            (text) => readNumber(text, { locale, ...DAYS }),
            (days) => onChange({ days }),
            change,
          )}
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

const DOSE = { low: 0.01, high: 1000, decimals: 20, required: true };
/** How long a medicine is taken, or lasts. */
export const DAYS = { low: 1, high: 365, units: ['d', 'days', 'días'] };
const ALSO: Readonly<Record<string, readonly string[]>> = {
  mL: ['milliliters', 'mililitros', 'cc'],
  units: ['u', 'UI', 'IU'],
};
/** What is applied as a thin layer is not counted. */
const isCounted = (unit: string) => unit !== 'layer' && unit !== 'ribbon';

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
