import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { ListSkeleton } from '@/ui/Skeletons';

const Restriction = lazy(async () => {
  const [module] = await Promise.all([
    import('./Restriction'),
    catalogues.load('chart/restriction'),
  ]);
  return module;
});

/** Who may open this chart. */
export function RestrictionPanel({ patientId }: { patientId: string }) {
  return (
    <Suspense fallback={<ListSkeleton />}>
      <Restriction patientId={patientId} />
    </Suspense>
  );
}
