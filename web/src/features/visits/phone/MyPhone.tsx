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
    if (leg?.status === 'in_call') return t(talks ? 'talking' : 'onTheLine', { number });
    if (leg) {
      const rings = ['queued', 'ringing', 'answered'].includes(leg.status);
      return t(rings ? 'calling' : 'again', { number });
    }
    return phone.asked_at ? t('wished') : '';
  };
  const said = words();
  return (
    <section className={classes.mine} data-phone data-talking={talks}>
      {talks && <IconPhone size={40} aria-hidden />}
      <p role="status" className={classes.words}>
        {said}
      </p>
      {!said && (
        <Button
          variant="subtle"
          className={classes.ask ?? ''}
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
