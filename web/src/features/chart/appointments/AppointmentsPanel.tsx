import { lazy, Suspense } from 'react';
import { catalogues } from '@/lib/i18n/catalogues';
import { ListSkeleton } from '@/ui/states/Skeletons';

const Appointments = lazy(async () => {
  const [module] = await Promise.all([
    import('./Appointments'),
    catalogues.load('chart/appointments'),
  ]);
  return module;
});

/** The patient's booked times, for the care team. */
export function AppointmentsPanel({ patientId }: { patientId: string }) {
  return (
    <Suspense fallback={<ListSkeleton />}>
      <Appointments patientId={patientId} />
    </Suspense>
  );
}
