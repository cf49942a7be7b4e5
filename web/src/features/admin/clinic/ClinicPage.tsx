import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import { ConsentSection } from './ConsentSection';
import { CLINIC } from './clinic';
import { HolidaysSection } from './HolidaysSection';
import { SettingsForm } from './SettingsForm';

/** What the clinic decides for itself. */
export default function ClinicPage() {
  const t = useTranslations('admin.clinic');
  const query = useQuery({ queryKey: CLINIC, queryFn: () => take(api.GET('/api/admin/clinic')) });
  return (
    <AdminPage title={t('title')}>
      <QueryState of={query}>
        {(clinic) => (
          <>
            <SettingsForm clinic={clinic} />
            <HolidaysSection />
            <ConsentSection published={clinic.consent} />
          </>
        )}
      </QueryState>
    </AdminPage>
  );
}
