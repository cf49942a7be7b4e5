import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import { isMissing } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { useLiveQueries } from '@/lib/live/useLive';
import { useParam } from '@/lib/routing/useParam';
import { Page } from '@/ui/page/Page';
import { type Knot, Thread } from '@/ui/page/Thread';
import { Empty } from '@/ui/states/Empty';
import { PageState } from '@/ui/states/PageState';
import { QueryState } from '@/ui/states/QueryState';
import { afterVisitQuery, visitQuery } from './queries';
import classes from './VisitSummaryPage.module.css';

type Summary = components['schemas']['AfterVisitOut']['summary'];

/** What the patient takes home from a visit, in the language that the summary was written in. */
export default function VisitSummaryPage() {
  const t = useTranslations('chart.aftervisit');
  const visitId = useParam('visitId');
  const found = useQuery(afterVisitQuery(visitId));
  useLiveQueries({ 'summary.ready': ['visit', visitId, 'summary'] });
  if (found.isError && isMissing(found.error)) return <NotYet visitId={visitId} />;
  return (
    <Page
      title={found.data?.summary.labels.title ?? t('title')}
      tabTitle={t('title')}
      lead={found.data && `${found.data.summary.visit.when} · ${found.data.summary.visit.with}`}
      actions={
        found.data && (
          <Button
            component="a"
            href={`/api/visits/${visitId}/summary.pdf`}
            download
            variant="default"
            leftSection={<IconDownload size={18} aria-hidden />}
          >
            {t('pdf')}
          </Button>
        )
      }
    >
      <QueryState of={found}>{({ summary }) => <Parts summary={summary} />}</QueryState>
    </Page>
  );
}

/** No summary yet; or no such visit, which is another thing to say. */
function NotYet({ visitId }: { visitId: string }) {
  const t = useTranslations('chart.aftervisit');
  const visit = useQuery(visitQuery(visitId));
  return (
    <PageState of={visit}>
      {() => (
        <Page title={t('title')}>
          <Empty title={t('notYet')} hint={t('notYetHint')} />
        </Page>
      )}
    </PageState>
  );
}

function Parts({ summary }: { summary: Summary }) {
  const t = useTranslations('chart.aftervisit');
  const { labels } = summary;
  const label = (key: string) => labels[key] ?? '';
  const knot = (id: string, detail: ReactNode, state: Knot['state'] = 'done'): Knot => ({
    id,
    title: label(id),
    detail,
    state,
  });
  const knots = [
    knot('talked', summary.talked.map(paragraph)),
    ...(summary.diagnoses.length > 0
      ? [knot('diagnoses', <Lines lines={summary.diagnoses.map((d) => [d.name, d.official])} />)]
      : []),
    knot(
      'medicines',
      summary.medicines.length > 0 ? (
        <Lines lines={summary.medicines.map((m) => [m.name, m.how])} />
      ) : (
        label('no_medicines')
      ),
    ),
    knot(
      'next',
      <>
        {summary.next.length > 0 ? (
          <Lines
            lines={summary.next.map((step) => [
              [step.title, step.when].filter(Boolean).join(' · '),
              step.detail,
            ])}
          />
        ) : (
          label('nothing_next')
        )}
        {summary.instructions.length > 0 && (
          <div className={classes.words}>
            <span className={classes.quiet}>{label('instructions')}</span>
            {summary.instructions.map(paragraph)}
          </div>
        )}
      </>,
      'now',
    ),
    knot('help', <Lines lines={summary.help.map((line) => [line, null])} />, 'alert'),
  ];
  return (
    <div lang={summary.language} className={classes.summary}>
      <Thread knots={knots} label={t('title')} />
    </div>
  );
}

const paragraph = (line: string) => <p key={line}>{line}</p>;

function Lines({ lines }: { lines: readonly (readonly [string, string | null])[] }) {
  return (
    <ul className={classes.lines}>
      {lines.map(([first, second]) => (
        <li key={`${first} ${second}`}>
          <span className={classes.first}>{first}</span>
          {second && <span className={classes.second}>{second}</span>}
        </li>
      ))}
    </ul>
  );
}
