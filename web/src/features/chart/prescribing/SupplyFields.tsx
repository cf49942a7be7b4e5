import { Anchor, Checkbox, NumberInput, TextInput } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { ErrorText } from '@/lib/errors/ErrorText';
import { type Draft, type Form, type SigWords, useWords } from './model';
import classes from './Prescribing.module.css';

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
  const unit = words.dispensed.find(({ key }) => key === draft.line.unit);
  const fixed = form.quantity !== null && form.quantity !== draft.suggested_quantity;
  return (
    <div className={classes.fields}>
      <div className={classes.row}>
        <NumberInput
          className={classes.medium ?? ''}
          label={t('quantity', { unit: unit ? say(unit.text) : '' })}
          value={form.quantity ?? draft.suggested_quantity}
          min={0}
          decimalScale={3}
          allowNegative={false}
          error={shown('quantity')}
          onChange={(quantity) => typeof quantity === 'number' && onChange({ quantity })}
        />
        <NumberInput
          className={classes.short ?? ''}
          label={t('days')}
          value={form.days_supply ?? draft.suggested_days ?? ''}
          min={1}
          allowDecimal={false}
          allowNegative={false}
          error={shown('days_supply')}
          onChange={(days) => onChange({ days_supply: typeof days === 'number' ? days : null })}
        />
        <NumberInput
          className={classes.short ?? ''}
          label={t('refills')}
          value={form.refills}
          min={0}
          max={11}
          allowDecimal={false}
          allowNegative={false}
          error={shown('refills')}
          onChange={(refills) => typeof refills === 'number' && onChange({ refills })}
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
          <Anchor component="button" type="button" onClick={() => onChange({ quantity: null })}>
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
