import { AdultFields } from '../fields/AdultFields';
import { useIntakeForm } from '../form';
import type { Intake } from '../model';

/** Which adult is with the child. */
export function AdultStep({ known }: { known: NonNullable<Intake['adults']> }) {
  const { draft, change, error } = useIntakeForm();
  return (
    <AdultFields
      adult={draft.adult}
      known={known}
      onChange={(adult, path) => change((now) => ({ ...now, adult }), path)}
      error={error}
    />
  );
}
