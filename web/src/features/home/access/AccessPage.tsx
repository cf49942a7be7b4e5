import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { capital } from '@/lib/time/capital';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import classes from './AccessPage.module.css';
import { type Access, byDay, byPerson, bySession } from './accesses';

/** Who looked at the patient's record, day by day: what the law lets them ask, without asking. */
export default function AccessPage() {
  const t = useTranslations('home.access');
  const times = useTimes();
  const accesses = useQuery({
    queryKey: ['me', 'accesses', times.timeZone],
    queryFn: () =>
      take(api.GET('/api/me/accesses', { params: { query: { time_zone: times.timeZone } } })),
    staleTime: 0,
  });
  return (
    <Page title={t('title')} lead={t('lead')}>
      <QueryState
        of={accesses}
        empty={{
          when: (found) => found.length === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {(found) =>
          byDay(found, times.timeZone).map(([day, entries]) => (
            <Section key={day} title={capital(times.weekday(entries[0]?.at ?? day))}>
              <Opened of={entries.filter(({ listed }) => !listed)} />
              <Listed of={entries.filter(({ listed }) => listed)} />
            </Section>
          ))
        }
      </QueryState>
    </Page>
  );
}

/** Who opened something of the patient's, each look with its time. */
function Opened({ of: looks }: { of: readonly Access[] }) {
  const t = useTranslations('home.access');
  const as = useTranslations('profile/relations.relationship');
  const times = useTimes();
  if (looks.length === 0) return null;
  return (
    <Rows>
      {bySession(looks).map(({ who, role, relationship, looks }) => (
        <Row
          key={`${who}${looks[0]?.at}`}
          title={relationship ? t('actsAs', { name: who, relationship: as(relationship) }) : who}
          detail={
            <>
              {relationship ? t('actsForYou') : t(`role.${role}`)}
              <span className={classes.looks}>
                {looks.map(({ at, what }) => (
                  <span key={`${at}${what}`} className={classes.look}>
                    <time dateTime={at}>{times.time(at)}</time>
                    <span>{t.has(`what.${what}`) ? t(`what.${what}`) : t('what.other')}</span>
                  </span>
                ))}
              </span>
            </>
          }
        />
      ))}
    </Rows>
  );
}

/** Who had the patient's name in a list that day, folded away: lists are open all day and tell little. */
function Listed({ of: looks }: { of: readonly Access[] }) {
  const t = useTranslations('home.access');
  const people = byPerson(looks);
  if (people.length === 0) return null;
  return (
    <details className={classes.lists}>
      <summary>{t('lists', { count: people.length })}</summary>
      <p className={classes.hint}>{t('listsHint')}</p>
      <Rows>
        {people.map(({ who, role, looks }) => (
          <Row
            key={`${who}${role}`}
            title={who}
            detail={
              <>
                {t(`role.${role}`)}
                <span className={classes.looks}>
                  {looks.map((look) => (
                    <ListLook key={look.what} of={look} />
                  ))}
                </span>
              </>
            }
          />
        ))}
      </Rows>
    </details>
  );
}

/** One list: how often, and between when and when. */
function ListLook({ of: { what, since, at, times: count } }: { of: Access }) {
  const t = useTranslations('home.access');
  const times = useTimes();
  const [from, to] = [times.time(since), times.time(at)];
  return (
    <span>
      {t.has(`listed.${what}`) ? t(`listed.${what}`) : t('listed.other')}
      <span className={classes.often}>
        {t('times', { count })} · {from === to ? to : t('between', { from, to })}
      </span>
    </span>
  );
}
