import { queryOptions, useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { useTimes } from '@/lib/time/useTimes';
import { Empty } from '@/ui/Empty';
import { Page } from '@/ui/Page';
import { QueryState } from '@/ui/QueryState';
import { Row, Rows } from '@/ui/Row';
import { Section } from '@/ui/Section';
import { byDay } from './accesses';

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
                {entries.map((entry) => (
                  <Row
                    key={`${entry.at}${entry.what}${entry.who}`}
                    title={entry.who}
                    detail={t('did', {
                      role: t(`role.${entry.role}`),
                      what: t.has(`what.${entry.what}`) ? t(`what.${entry.what}`) : t('what.other'),
                    })}
                    aside={<time dateTime={entry.at}>{times.time(entry.at)}</time>}
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
