import { Anchor, Checkbox, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { type NumberRules, readNumber, written } from '@/lib/number/read';
import { ReadField } from '@/ui/fields/NumberField';
import { type Draft, type Form, type SigWords, typedField, useWords } from '../model';
import classes from '../Prescribing.module.css';
import { DAYS } from './SigFields';

interface SupplyFieldsProps {
  draft: Draft;
  form: Form;
  words: SigWords;
  error: (path: string) => string | null;
  onChange: (part: Partial<Form>) => void;
}

/** How much is handed out, how often again, and what the pharmacist should know. */
export function SupplyFields({ draft, form, words, error, onChange }: SupplyFieldsProps) {
  const t = useTranslations('chart/prescribing.supply');
  const say = useWords();
  const shown = (path: string) => {
    const code = error(path);
    return code && <ErrorText code={code} />;
  };
  const locale = useCurrentLocale();
  const number = (rules: Omit<NumberRules, 'locale'>) => (text: string) =>
    readNumber(text, { locale, ...rules });
  const unit = words.dispensed.find(({ key }) => key === draft.line.unit);
  const followDirections = () => {
    const { quantity: _text, ...typed } = form.typed;
    onChange({ quantity: null, typed });
  };
  const fixed =
    'quantity' in form.typed ||
    (form.quantity !== null && form.quantity !== draft.suggested_quantity);
  return (
    <div className={classes.fields}>
      <div className={classes.row}>
        <ReadField
          className={classes.medium ?? ''}
          label={t('quantity', { unit: unit ? say(unit.text) : '' })}
          inputMode="decimal"
          write={written}
          understood={readBack}
          error={shown('quantity')}
          {...typedField(
            form,
            'quantity',
            form.quantity ?? draft.suggested_quantity,
            number({ ...QUANTITY, units: unit ? [unit.text.en ?? '', unit.text.es ?? ''] : [] }),
            (quantity) => onChange({ quantity }),
            onChange,
          )}
        />
        <ReadField
          className={classes.short ?? ''}
          label={t('days')}
          inputMode="numeric"
          write={written}
          error={shown('days_supply')}
          {...typedField(
            form,
            'days_supply',
            form.days_supply ?? draft.suggested_days,
            number({ ...DAYS, required: draft.suggested_days !== null }),
            (days_supply) => onChange({ days_supply }),
            onChange,
          )}
        />
        <ReadField
          className={classes.short ?? ''}
          label={t('refills')}
          inputMode="numeric"
          write={written}
          error={shown('refills')}
          {...typedField(
            form,
            'refills',
            form.refills,
            number(REFILLS),
            (refills) => refills !== null && onChange({ refills }),
            onChange,
          )}
        />
        <TextInput
          className={classes.grow ?? ''}
          label={t('note')}
          maxLength={120}
          value={form.note}
          error={shown('note')}
          onChange={(event) => onChange({ note: event.currentTarget.value })}
        />
      </div>
      {fixed && (
        <p className={classes.hint}>
          {t('differs', { value: draft.suggested_quantity })}{' '}
          <Anchor component="button" type="button" onClick={followDirections}>
            {t('useSuggested')}
          </Anchor>
        </p>
      )}
      <Checkbox
        label={t('substitutions')}
        checked={form.substitutions_allowed}
        onChange={(event) => onChange({ substitutions_allowed: event.currentTarget.checked })}
      />
    </div>
  );
}

const QUANTITY = { low: 0.001, high: 9999, decimals: 3, required: true };
const REFILLS = { low: 0, high: 11, required: true };

/** What was understood, where the text says it otherwise. */
const readBack = (value: number, text: string) =>
  text.trim() === written(value) ? null : `= ${written(value)}`;
