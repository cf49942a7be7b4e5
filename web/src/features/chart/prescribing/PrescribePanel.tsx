import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { ListSkeleton } from '@/ui/states/Skeletons';

/** Comes with its code and its messages when somebody first prescribes. */
const Prescribe = lazy(async () => {
  const [module] = await Promise.all([import('./Prescribe'), catalogues.load('chart/prescribing')]);
  return module;
});

/** Prescribing beside a visit's note. */
export function PrescribePanel(props: { visitId: string; patientId: string }) {
  return (
    <Suspense fallback={<ListSkeleton />}>
      <Prescribe {...props} />
    </Suspense>
  );
}
