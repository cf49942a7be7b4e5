import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { pathOf } from '../model';
import classes from './Phone.module.css';
import { type PhoneLeg, phoneKey } from './usePhone';

const OPEN: readonly string[] = ['queued', 'ringing', 'answered', 'in_call'];

interface LegLineProps {
  visitId: string;
  leg: PhoneLeg;
  /** The call goes on, so that this side may be rung again. */
  running: boolean;
}

/** How it goes with one telephone, and what to do when it went wrong. */
export function LegLine({ visitId, leg, running }: LegLineProps) {
  const t = useTranslations('visits/phone');
  const [number, setNumber] = useState('');
  const ring = useAction({
    run: (typed: string) =>
      take(
        api.POST('/api/visits/{visit_id}/phone/ring', {
          ...pathOf(visitId),
          body: { side: leg.side, number: typed || null },
        }),
      ),
    invalidates: [phoneKey(visitId)],
  });
  const known = leg.failure ?? '';
  const words =
    leg.status === 'failed' && t.has(`failure.${known}`)
      ? t(`failure.${known}`, { number: leg.number ?? '' })
      : t(`${leg.side}.${leg.status}`, { number: leg.number ?? '' });
  return (
    <li className={classes.leg} data-leg={leg.side}>
      <span>{words}</span>
      {running && !OPEN.includes(leg.status) && (
        <>
          <TextInput
            type="tel"
            size="sm"
            aria-label={t('otherNumber')}
            placeholder={t('otherNumber')}
            value={number}
            onChange={(event) => setNumber(event.currentTarget.value)}
          />
          <Button size="sm" loading={ring.isPending} onClick={() => ring.mutate(number)}>
            {t('ringAgain')}
          </Button>
          <FormProblem of={ring.error} />
        </>
      )}
    </li>
  );
}
