import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { pathOf, type Visit } from '../model';
import classes from './Waiting.module.css';

/** Stepping out for a moment, which keeps the place; calling the visit off, which asks once. */
export function Leaving({ visit }: { visit: Visit }) {
  const t = useTranslations('visits.leaving');
  const [asking, setAsking] = useState(false);
  const invalidates = [['visits']];
  const leave = useAction({
    run: (_: undefined, init) =>
      take(api.POST('/api/visits/{visit_id}/leave', { ...pathOf(visit.id), ...init })),
    invalidates,
  });
  const cancel = useAction({
    run: (_: undefined, init) =>
      take(api.POST('/api/visits/{visit_id}/cancel', { ...pathOf(visit.id), body: {}, ...init })),
    invalidates,
  });
  const inLine = visit.status === 'waiting';
  return (
    <div className={classes.leaving}>
      <FormProblem of={leave.error ?? cancel.error} />
      {asking ? (
        <fieldset className={classes.ask}>
          <legend>{t('question')}</legend>
          <p className={classes.quiet}>{t('consequence')}</p>
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {t('keep')}
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              {t('confirm')}
            </Button>
          </div>
        </fieldset>
      ) : (
        <div className={classes.buttons}>
          {inLine && (
            <Button
              variant="subtle"
              loading={leave.isPending}
              onClick={() => leave.mutate(undefined)}
            >
              {t('stepOut')}
            </Button>
          )}
          <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
            {t('cancel')}
          </Button>
        </div>
      )}
    </div>
  );
}
