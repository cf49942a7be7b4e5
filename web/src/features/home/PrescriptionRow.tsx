import { useTranslations } from 'use-intl';
import { Row } from '@/ui/Row';
import { StatusBadge, type Tone } from '@/ui/StatusBadge';
import type { OwnRecord } from './record';

const TONES: Readonly<Record<string, Tone>> = {
  signed: 'attention',
  sending: 'attention',
  sent: 'active',
  accepted: 'active',
  failed: 'danger',
  cancelled: 'done',
};

/** A prescription with where it is on its way to the pharmacy, in the patient's words. */
export function PrescriptionRow({ of: item }: { of: OwnRecord['prescriptions'][number] }) {
  const t = useTranslations('home.prescription');
  return (
    <Row
      title={item.drug}
      detail={item.sig}
      aside={
        <StatusBadge tone={TONES[item.status] ?? 'done'}>{t(`status.${item.status}`)}</StatusBadge>
      }
    />
  );
}
