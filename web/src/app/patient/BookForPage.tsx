import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { PatientFrame } from '@/features/chart/strip/PatientFrame';
import { Booking } from '@/features/visits/booking/Booking';
import { useMay } from '@/lib/session/session';
import { Page } from '@/ui/page/Page';
import { NotFound } from '@/ui/states/PageState';
import { showToast } from '@/ui/toasts/toast';

/** Books a visit for the patient whose chart one comes from. */
export default function BookForPage() {
  const t = useTranslations('visits/staff.bookFor');
  const navigate = useNavigate();
  if (!useMay()('visit.book')) return <NotFound />;
  return (
    <PatientFrame>
      {({ patient }) => (
        <Page title={t('title')} lead={t('lead')}>
          <Booking
            patient={{ id: patient.id, timeZone: patient.time_zone }}
            onBooked={() => {
              showToast({ text: t('booked') });
              return navigate({
                to: '/patients/$patientId',
                params: { patientId: patient.id },
                replace: true,
              });
            }}
          />
        </Page>
      )}
    </PatientFrame>
  );
}
