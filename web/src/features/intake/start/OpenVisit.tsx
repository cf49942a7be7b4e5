import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { LinkButton } from '@/ui/links/LinkButton';
import classes from './NewVisitPage.module.css';
import type { OwnVisit } from './openVisits';

/** Said before anything is chosen: a visit goes on already, and a second one beside it is not begun. */
export function OpenVisit({ visit }: { visit: OwnVisit }) {
  const t = useTranslations('intake/start');
  const reason = useReasonName();
  const times = useTimes();
  const answering = visit.status === 'intake';
  return (
    <section className={classes.open} aria-label={t('alreadyOpen')}>
      <p>
        <strong>{t('alreadyOpen')}</strong>
      </p>
      <p>
        {t('since', {
          reason: reason(visit.reason_code),
          time: times.relative(visit.requested_at),
        })}
      </p>
      <LinkButton
        to={answering ? '/visit/$visitId/intake' : '/visit/$visitId/waiting'}
        params={{ visitId: visit.id }}
      >
        {t('goOn')}
      </LinkButton>
      <Instead visit={visit} />
    </section>
  );
}

/** For whoever comes for something else: calling that visit off, which asks once. */
function Instead({ visit }: { visit: OwnVisit }) {
  const t = useTranslations('intake/start');
  const [asking, setAsking] = useState(false);
  const cancel = useAction({
    run: (_: undefined, init) =>
      take(
        api.POST('/api/visits/{visit_id}/cancel', {
          params: { path: { visit_id: visit.id } },
          body: {},
          ...init,
        }),
      ),
    invalidates: [['visits']],
  });
  return (
    <>
      <p className={classes.hint}>{t('onlyOne')}</p>
      <FormProblem of={cancel.error} />
      <div className={classes.instead}>
        {asking ? (
          <>
            <Button variant="default" autoFocus onClick={() => setAsking(false)}>
              {t('keep')}
            </Button>
            <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
              {t('cancelNow')}
            </Button>
          </>
        ) : (
          <Button variant="subtle" onClick={() => setAsking(true)}>
            {t('cancelIt')}
          </Button>
        )}
      </div>
    </>
  );
}

/** A booked visit stands in nobody's way, and is worth knowing of. */
export function BookedVisit({ visit }: { visit: OwnVisit }) {
  const t = useTranslations('intake/start');
  const times = useTimes();
  if (!visit.slot) return null;
  const { starts_at } = visit.slot;
  return (
    <p className={classes.closed}>
      {t('alsoBooked', { day: times.weekday(starts_at), time: times.timeWithZone(starts_at) })}
    </p>
  );
}
