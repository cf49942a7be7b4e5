import { useTranslations } from 'use-intl';
import { SuggestField } from '../fields/SuggestField';
import { searchPharmacies } from '../fields/search';
import { useIntakeForm } from '../form';
import classes from './Steps.module.css';

/** Where a prescription would go: one of the clinic's pharmacies, or whatever the patient calls it. */
export function PharmacyStep() {
  const t = useTranslations('intake.pharmacy');
  const { draft, change, error } = useIntakeForm();
  const put = (id: string | null, name: string) =>
    change((before) => ({ ...before, pharmacy: { id, name } }), 'pharmacy.id');
  return (
    <div className={classes.quiet}>
      <SuggestField
        label={t('name')}
        description={t('hint')}
        value={draft.pharmacy.name}
        error={error('pharmacy.id')}
        onType={(name) => put(null, name)}
        onPick={({ id, name, detail }) => put(id, [name, detail].filter(Boolean).join(', '))}
        source="pharmacies"
        search={searchPharmacies}
      />
      {draft.pharmacy.name.trim() !== '' && (
        <p className={classes.hint} role="status">
          {t(draft.pharmacy.id ? 'known' : 'unknown')}
        </p>
      )}
    </div>
  );
}
