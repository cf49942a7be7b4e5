import { useNavigate } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { Page } from '@/ui/page/Page';
import { Booking } from './Booking';

/** A patient books a visit. The questions come afterwards. */
export default function BookPage() {
  const t = useTranslations('visits/booking.book');
  const navigate = useNavigate();
  return (
    <Page title={t('title')} tabTitle={t('tab')} lead={t('lead')}>
      <Booking
        onBooked={(visitId) =>
          navigate({ to: '/visit/$visitId/intake', params: { visitId }, replace: true })
        }
      />
    </Page>
  );
}
