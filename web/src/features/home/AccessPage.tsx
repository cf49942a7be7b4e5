import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useTimes } from '@/lib/time/useTimes';
import { Empty } from '@/ui/Empty';
import { Page } from '@/ui/Page';
import { QueryState } from '@/ui/QueryState';
import { Row, Rows } from '@/ui/Row';
import { Section } from '@/ui/Section';
import classes from './AccessPage.module.css';
import { type Access, byDay, bySession } from './accesses';

const accessesQuery = queryOptions({
  queryKey: ['me', 'accesses'],
  queryFn: () => take(api.GET('/api/me/accesses')),
  staleTime: 0,
});

/** Who looked at the patient's record, day by day: what the law lets them ask, without asking. */
export default function AccessPage() {
  const t = useTranslations('home.access');
  const times = useTimes();
  const accesses = useQuery(accessesQuery);
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
            <Section key={day} title={times.weekday(entries[0]?.at ?? day)}>
              <Rows>
                {bySession(entries).map(({ who, role, looks }) => (
                  <Row
                    key={`${who}${looks[0]?.at}`}
                    title={who}
                    detail={
                      <>
                        {t(`role.${role}`)}
                        <Looks of={looks} />
                      </>
                    }
                  />
                ))}
              </Rows>
            </Section>
          ))
        }
      </QueryState>
    </Page>
  );
}

/** What somebody did, each with its time. */
function Looks({ of: looks }: { of: readonly Access[] }) {
  const t = useTranslations('home.access.what');
  const times = useTimes();
  return (
    <span className={classes.looks}>
      {looks.map(({ at, what }) => (
        <span key={`${at}${what}`} className={classes.look}>
          <time dateTime={at}>{times.time(at)}</time>
          <span>{t.has(what) ? t(what) : t('other')}</span>
        </span>
      ))}
    </span>
  );
}
