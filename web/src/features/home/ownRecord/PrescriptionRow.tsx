import { useTranslations } from 'use-intl';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { dialLink, readablePhone } from '@/lib/phone';
import { useNow } from '@/lib/time/useNow';
import { Row } from '@/ui/links/Row';
import { StatusBadge, type Tone } from '@/ui/marks/StatusBadge';
import type { OwnRecord } from '../record';
import classes from './PrescriptionRow.module.css';
import { type Standing, standingOf } from './prescription';

const TONES: Readonly<Record<Standing, Tone>> = {
  signed: 'attention',
  sending: 'attention',
  sent: 'attention',
  unconfirmed: 'attention',
  accepted: 'active',
  error: 'danger',
  cancelled: 'done',
};

/** A prescription with where it is on its way to the pharmacy, and what the patient can do about it. */
export function PrescriptionRow({ of: item }: { of: OwnRecord['prescriptions'][number] }) {
  const t = useTranslations('home.prescription');
  const locale = useCurrentLocale();
  const standing = standingOf(item, useNow());
  const call = () => (
    <a href={dialLink(item.pharmacy_phone)}>{readablePhone(item.pharmacy_phone)}</a>
  );
  return (
    <Row
      title={item.drug}
      detail={
        <>
          {locale === 'es' ? item.sig_es : item.sig}
          <span className={classes.state}>
            <StatusBadge tone={TONES[standing]}>{t(`status.${standing}`)}</StatusBadge>
            <span>{t.rich(`state.${standing}`, { pharmacy: item.pharmacy_name, call })}</span>
          </span>
        </>
      }
    />
  );
}
