import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { useMay } from '@/lib/session/session';
import { ListSkeleton } from '@/ui/states/Skeletons';

const RelatedPersons = lazy(async () => {
  const [module] = await Promise.all([
    import('./RelatedPersons'),
    catalogues.load('chart/related'),
    catalogues.load('profile/relations'),
    // For the account of a child, which is disabled from here.
    catalogues.load('chart/account'),
  ]);
  return module;
});

/** Who may act for the patient, for whoever may know it. */
export function RelatedPanel({ patientId }: { patientId: string }) {
  if (!useMay()('related.read')) return null;
  return (
    <Suspense fallback={<ListSkeleton />}>
      <RelatedPersons patientId={patientId} />
    </Suspense>
  );
}
