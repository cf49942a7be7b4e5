import { Button } from '@mantine/core';
import { IconPhone } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { pathOf } from '../model';
import { withTexts } from '../withTexts';
import classes from './Phone.module.css';
import { openCall, phoneKey, usePhone, useTalking } from './usePhone';

interface MyPhoneProps {
  visitId: string;
  onTalking: (talking: boolean) => void;
}

/** The patient's side of a telephone call: a wish for one, which telephone rings, and that one talks on it. */
function MyPhone({ visitId, onTalking }: MyPhoneProps) {
  const t = useTranslations('visits/phone.mine');
  const phone = usePhone(visitId);
  const talks = useTalking(phone, onTalking);
  const ask = useAction({
    run: () => take(api.POST('/api/visits/{visit_id}/phone/ask', pathOf(visitId))),
    invalidates: [phoneKey(visitId)],
  });
  const leg = openCall(phone)?.legs.find(({ side }) => side === 'patient');
  if (!phone?.available) return null;
  const number = leg?.number ?? '';
  const words = () => {
    if (leg?.status === 'in_call') return t('talking', { number });
    if (leg && ['queued', 'ringing', 'answered'].includes(leg.status))
      return t('calling', { number });
    return phone.asked_at ? t('wished') : '';
  };
  const said = words();
  return (
    <section className={talks ? classes.talking : classes.bar} data-phone>
      {talks && <IconPhone size={48} stroke={1.5} className={classes.receiver} aria-hidden />}
      <p role="status" className={classes.words}>
        {said}
      </p>
      {!said && (
        <Button
          variant="subtle"
          size="compact-md"
          leftSection={<IconPhone size={16} aria-hidden />}
          loading={ask.isPending}
          onClick={() => ask.mutate()}
        >
          {t('ask')}
        </Button>
      )}
    </section>
  );
}

export default withTexts('visits/phone', MyPhone);
