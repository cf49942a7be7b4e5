import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useCurrentLocale } from '@/lib/i18n/locale';
import { plainDate } from '@/lib/time/useTimes';
import { Section } from '@/ui/page/Section';
import { QueryState } from '@/ui/states/QueryState';
import { Copyable } from './Copyable';
import classes from './People.module.css';

/** Codes change every half minute, and at once when one was used. */
const LOOK_EVERY_MS = 5_000;
/** Enough to try; there are forty. */
const SHOWN = 6;

/** Whom one can try Carethread as, with what each needs to sign in. */
export function People() {
  const t = useTranslations('demo.people');
  const locale = useCurrentLocale();
  const people = useQuery({
    queryKey: ['demo', 'people'],
    queryFn: () => take(api.GET('/api/demo/people')),
    refetchInterval: LOOK_EVERY_MS,
  });
  return (
    <QueryState of={people}>
      {({ slug, password, staff, patients }) => (
        <div className={classes.people}>
          <Section
            title={t('patients')}
            aside={
              <Link to="/c/$slug" params={{ slug }}>
                {t('clinicPage')}
              </Link>
            }
            card
          >
            <p className={classes.hint}>{t('patientsHint')}</p>
            <ul className={classes.list}>
              {patients.slice(0, SHOWN).map(({ name, family, phone, language, birth_date }) => (
                <li key={phone} className={classes.person}>
                  <span className={classes.name}>
                    {name}
                    <span className={classes.detail}>
                      {t(`language.${language}`)}
                      {' · '}
                      {t('answers', { birth: plainDate(birth_date, locale), family })}
                    </span>
                  </span>
                  <Copyable value={phone} />
                </li>
              ))}
            </ul>
          </Section>
          <Section
            title={t('staff')}
            aside={
              <Link to="/c/$slug/staff" params={{ slug }}>
                {t('staffDoor')}
              </Link>
            }
            card
          >
            <p className={classes.hint}>
              {t('password')} <Copyable value={password} />
            </p>
            <ul className={classes.list}>
              {staff.map(({ name, role, email, code, good_in }) => (
                <li key={email} className={classes.person}>
                  <span className={classes.name}>
                    {name}
                    <span className={classes.detail}>{t(`role.${role}`)}</span>
                  </span>
                  <span className={classes.keys}>
                    <Copyable value={email} />
                    {good_in > 0 ? (
                      <span className={classes.wait}>{t('goodIn', { seconds: good_in })}</span>
                    ) : (
                      <Copyable value={code} code />
                    )}
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        </div>
      )}
    </QueryState>
  );
}
