import { Loader } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { verdictOf } from '@/lib/check/verdict';
import { dialLink, readablePhone } from '@/lib/phone';
import { usePerson } from '@/lib/session/session';
import classes from './Check.module.css';
import type { Check } from './useCheck';
import { VerdictIcon } from './VerdictIcon';

/** What to expect of the call, in one sentence, and what to do where it is not video. */
export function Outcome({ check, kept }: { check: Check; kept: boolean }) {
  const t = useTranslations('visits/check');
  const { clinic } = usePerson();
  const { facts, speaker } = check;
  const verdict = facts && verdictOf(facts);
  const asks = verdict && speaker !== 'heard' && speaker !== 'not_heard';
  return (
    <section className={classes.outcome} data-verdict={verdict ?? 'none-yet'} aria-live="polite">
      {verdict ? (
        <>
          <VerdictIcon verdict={verdict} size={30} />
          <div>
            <p className={classes.said}>{t(`verdict.${verdict}`)}</p>
            <p className={classes.quiet}>
              {t(asks && verdict !== 'none' ? 'saySpeaker' : `then.${verdict}`)} {kept && t('kept')}
            </p>
            {verdict === 'none' && clinic.phone && (
              <p>
                <a href={dialLink(clinic.phone)}>
                  {t('call', { phone: readablePhone(clinic.phone) })}
                </a>
              </p>
            )}
          </div>
        </>
      ) : (
        <>
          <Loader size="sm" aria-hidden />
          <div>
            <p className={classes.said}>{t('checking')}</p>
            <p className={classes.quiet}>{t('takes')}</p>
          </div>
        </>
      )}
    </section>
  );
}
