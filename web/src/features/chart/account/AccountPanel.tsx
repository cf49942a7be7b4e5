import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { useMay } from '@/lib/session/session';
import { ListSkeleton } from '@/ui/states/Skeletons';

const Account = lazy(async () => {
  const [module] = await Promise.all([import('./Account'), catalogues.load('chart/account')]);
  return module;
});

/** The patient's way in, for whoever looks after it. */
export function AccountPanel({ patientId }: { patientId: string }) {
  if (!useMay()('patient.account')) return null;
  return (
    <Suspense fallback={<ListSkeleton />}>
      <Account patientId={patientId} />
    </Suspense>
  );
}
