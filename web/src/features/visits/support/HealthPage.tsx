import { Button } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { usePerson } from '@/lib/session/session';
import { useTimes } from '@/lib/time/useTimes';
import { LinkButton } from '@/ui/links/LinkButton';
import { LinkRow } from '@/ui/links/LinkRow';
import { Rows } from '@/ui/links/Row';
import { Page } from '@/ui/page/Page';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { DAYS, type Health, healthQuery, type WorstVisit } from './queries';
import classes from './Support.module.css';
import { Table } from './Table';
import { useFigures } from './useFigures';

/** How the clinic's calls went: what kept people out, by browser, and the worst visits first. */
export default function HealthPage() {
  const t = useTranslations('visits/support.health');
  const coordinator = usePerson().roles.includes('coordinator');
  const [days, setDays] = useState<number>(7);
  const query = useQuery({ ...healthQuery(days), placeholderData: keepPreviousData });
  return (
    <Page
      title={t('title')}
      lead={t('lead')}
      width="wide"
      actions={
        <LinkButton to={coordinator ? '/queue' : '/admin/people'} variant="default">
          {t(coordinator ? 'toQueue' : 'toAdmin')}
        </LinkButton>
      }
    >
      <fieldset className={classes.plain}>
        <legend className="visually-hidden">{t('period')}</legend>
        <div className={classes.days}>
          {DAYS.map((each) => (
            <Button
              key={each}
              size="compact-md"
              variant={each === days ? 'filled' : 'default'}
              aria-pressed={each === days}
              onClick={() => setDays(each)}
            >
              {t('days', { days: each })}
            </Button>
          ))}
        </div>
      </fieldset>
      <QueryState
        of={query}
        empty={{
          when: ({ attempts, failed }) => attempts + failed === 0,
          show: <Empty title={t('none')} hint={t('noneHint')} />,
        }}
      >
        {(health) => <Shown health={health} />}
      </QueryState>
    </Page>
  );
}

const COUNTS = ['visits', 'attempts', 'failed', 'drops', 'marks'] as const;

function Shown({ health }: { health: Health }) {
  const t = useTranslations('visits/support.health');
  const all = useTranslations('visits/support');
  const { browser } = useFigures();
  return (
    <>
      <dl className={classes.counts}>
        {COUNTS.map((each) => (
          <div key={each}>
            <dt>{t(each, { count: health[each] })}</dt>
            <dd>{health[each]}</dd>
          </div>
        ))}
      </dl>
      <Section title={t('worst')} aside={health.worst.length || undefined}>
        {health.worst.length === 0 ? (
          <Empty title={t('noWorst')} />
        ) : (
          <Rows label={t('worst')}>
            {health.worst.map((visit) => (
              <Worst key={visit.visit_id} visit={visit} />
            ))}
          </Rows>
        )}
      </Section>
      <Section title={t('failures')} aside={health.failed || undefined}>
        {health.failures.length === 0 ? (
          <Empty title={t('noFailures')} />
        ) : (
          <Table
            label={t('failures')}
            rows={health.failures}
            keyOf={({ reason, browser }) => `${reason} ${browser}`}
            columns={[
              { name: all('column.reason'), of: ({ reason }) => all(`failure.${reason}`) },
              { name: all('column.browser'), of: (row) => browser(row.browser) },
              { name: all('column.count'), of: ({ count }) => count, number: true },
            ]}
          />
        )}
        <p className={classes.quiet}>{t('noCarrier')}</p>
      </Section>
    </>
  );
}

function Worst({ visit }: { visit: WorstVisit }) {
  const t = useTranslations('visits/support.health');
  const times = useTimes();
  const { percent, inUnit } = useFigures();
  const { marks, failures, drops, loss, round_trip_ms: roundTrip, relayed } = visit;
  const facts = [
    marks > 0 && t('worstMarks', { count: marks }),
    failures > 0 && t('worstFailures', { count: failures }),
    drops > 0 && t('worstDrops', { count: drops }),
    loss !== null && t('worstLoss', { loss: percent(loss) }),
    roundTrip !== null && t('worstRoundTrip', { time: inUnit(roundTrip, 'ms') }),
    relayed && t('worstRelayed'),
  ];
  return (
    <LinkRow
      to="/calls/$visitId"
      params={{ visitId: visit.visit_id }}
      title={t('visitOf', { time: times.dateTime(visit.at) })}
      detail={facts.filter(Boolean).join(' · ')}
    />
  );
}
