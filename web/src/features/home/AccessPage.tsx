import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { ApiProblem, readProblem } from '@/lib/api/problem';
import { useTimes } from '@/lib/time/useTimes';
import { Empty } from '@/ui/Empty';
import { Page } from '@/ui/Page';
import { QueryState } from '@/ui/QueryState';
import { Row, Rows } from '@/ui/Row';
import { Section } from '@/ui/Section';
import { type Access, byDay } from './accesses';

async function fetchAccesses(): Promise<Access[]> {
  const response = await fetch('/api/me/accesses', { credentials: 'same-origin' }).catch(() => {
    throw new ApiProblem(0, 'unreachable');
  });
  if (!response.ok) throw await readProblem(response);
  return (await response.json()) as Access[];
}

/** Who looked at the patient's record, day by day: what the law lets them ask, without asking. */
export default function AccessPage() {
  const t = useTranslations('home.access');
  const times = useTimes();
  const accesses = useQuery({ queryKey: ['me', 'accesses'], queryFn: fetchAccesses, staleTime: 0 });
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
