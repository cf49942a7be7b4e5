import { Button } from '@mantine/core';
import { IconPhone, IconPhoneOff, IconVideo } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useHeldAwake } from '@/lib/session/useHeldAwake';
import { useTimes } from '@/lib/time/useTimes';
import { pathOf } from '../model';
import { withTexts } from '../withTexts';
import { LegLine } from './LegLine';
import classes from './Phone.module.css';
import { PhoneDialog } from './PhoneDialog';
import { openCall, phoneKey, usePhone, useTalking } from './usePhone';

interface PhonePanelProps {
  visitId: string;
  onTalking: (talking: boolean) => void;
}

/** The clinician's side of a telephone call: begin it, read how it goes and what to do, go back to video. */
function PhonePanel({ visitId, onTalking }: PhonePanelProps) {
  const t = useTranslations('visits/phone');
  const times = useTimes();
  const [dialog, setDialog] = useState(false);
  const phone = usePhone(visitId);
  const talks = useTalking(phone, onTalking);
  const call = openCall(phone);
  useHeldAwake(call ? 'talking' : null);
  const end = useAction({
    run: () => take(api.POST('/api/visits/{visit_id}/phone/end', pathOf(visitId))),
    invalidates: [phoneKey(visitId)],
  });
  if (!phone?.available) return null;
  const last = phone.calls.at(-1);
  const legs = (call ?? last)?.legs ?? [];
  const EndIcon = call?.connected_at ? IconVideo : IconPhoneOff;
  const said = () => {
    if (call?.connected_at && talks) return t('talking', { time: times.time(call.connected_at) });
    if (call) return '';
    if (phone.asked_at) return t('asked');
    if (last) return t(last.connected_at ? 'over' : 'unanswered');
    return '';
  };
  return (
    <section className={classes.bar} aria-label={t('label')} data-phone>
      <p role="status" className={classes.words}>
        {said()}
      </p>
      {(call || last?.end_cause === 'unanswered') && (
        <ul className={classes.list} aria-live="polite">
          {legs.map((leg) => (
            <LegLine key={leg.side} visitId={visitId} leg={leg} running={Boolean(call)} />
          ))}
        </ul>
      )}
      {call ? (
        <Button
          leftSection={<EndIcon size={16} aria-hidden />}
          loading={end.isPending}
          onClick={() => end.mutate()}
        >
          {t(call.connected_at ? 'back' : 'hangUp')}
        </Button>
      ) : (
        <Button
          variant={phone.asked_at ? 'filled' : 'default'}
          size="compact-md"
          leftSection={<IconPhone size={16} aria-hidden />}
          aria-haspopup="dialog"
          onClick={() => setDialog(true)}
        >
          {t('continue')}
        </Button>
      )}
      <FormProblem of={end.error} />
      {dialog && <PhoneDialog visitId={visitId} phone={phone} onClose={() => setDialog(false)} />}
    </section>
  );
}

export default withTexts('visits/phone', PhonePanel);
