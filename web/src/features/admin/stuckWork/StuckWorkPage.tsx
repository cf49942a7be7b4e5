import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { Row, Rows } from '@/ui/links/Row';
import { Section } from '@/ui/page/Section';
import { Empty } from '@/ui/states/Empty';
import { QueryState } from '@/ui/states/QueryState';
import { AdminPage } from '../AdminPage';
import { StuckRow } from './StuckRow';
import classes from './StuckWorkPage.module.css';
import { type Kind, type StuckList, type StuckWork, useStuckWork } from './stuckWork';

const KINDS = ['prescriptions', 'notices', 'events'] as const;

/** Work that is stuck, for the clinic's administrator: why, and what may be done about it. */
export default function StuckWorkPage() {
  const t = useTranslations('admin.stuckWork');
  const query = useStuckWork();
  return (
    <AdminPage title={t('title')} lead={t('lead')}>
      <QueryState
        of={query}
        empty={{ when: isClear, show: <Empty title={t('none')} hint={t('noneHint')} /> }}
      >
        {(work) => (
          <>
            {KINDS.map((kind) => (
              <Stuck key={kind} kind={kind} list={work[kind]} />
            ))}
            <Jobs jobs={work.jobs} />
          </>
        )}
      </QueryState>
    </AdminPage>
  );
}

function isClear(work: StuckWork): boolean {
  return KINDS.every((kind) => work[kind].total === 0) && work.jobs.length === 0;
}

function Stuck({ kind, list }: { kind: Kind; list: StuckList }) {
  const t = useTranslations('admin.stuckWork');
  if (list.total === 0) return null;
  return (
    <Section title={t(kind)} aside={list.total}>
      <p className={classes.lead}>{t(`${kind}Lead`)}</p>
      <Rows label={t(kind)}>
        {list.items.map((item) => (
          <StuckRow key={item.id} kind={kind} item={item} />
        ))}
      </Rows>
      {list.items.length < list.total && (
        <p className={classes.lead}>{t('more', { shown: list.items.length, total: list.total })}</p>
      )}
    </Section>
  );
}

function Jobs({ jobs }: { jobs: StuckWork['jobs'] }) {
  const t = useTranslations('admin.stuckWork');
  const times = useTimes();
  if (jobs.length === 0) return null;
  return (
    <Section title={t('jobs')} aside={jobs.length}>
      <p className={classes.lead}>{t('jobsLead')}</p>
      <Rows label={t('jobs')}>
        {jobs.map((job) => (
          <Row
            key={job.name}
            title={<code className={classes.code}>{job.name}</code>}
            detail={[
              t('began', { time: times.dateTime(job.began_at) }),
              t('error', { error: job.error }),
            ].join(' · ')}
          />
        ))}
      </Rows>
    </Section>
  );
}
