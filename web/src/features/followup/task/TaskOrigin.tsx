import { Link } from '@tanstack/react-router';
import { useTranslations } from 'use-intl';
import { useTimes } from '@/lib/time/useTimes';
import { useReasonName } from '@/lib/visitTypes';
import { Section } from '@/ui/page/Section';
import classes from '../FollowupPage.module.css';
import type { Quote, TaskDetail } from '../queries';

/** Of a visit that did not take place, or not yet, there is nothing to open. */
const NEVER_BEGAN = ['no_show', 'red_flag', 'forgotten', 'check'];

/** Who asked for the task, and when: in one sentence, before anything is done. */
export function AskedBy({ detail: { task, origin } }: { detail: TaskDetail }) {
  const t = useTranslations('followup.origin');
  const times = useTimes();
  return (
    <p className={classes.origin}>
      {t(`why.${task.source}`, { by: origin.by ?? 'nobody', name: origin.by ?? '' })}{' '}
      <span className={classes.who}>{times.dateTime(origin.at)}</span>
    </p>
  );
}

/** Why the task is there: the words that it was made from, and where one reads on. */
export function TaskOrigin({ detail: { task, origin } }: { detail: TaskDetail }) {
  const t = useTranslations('followup.origin');
  const opens = task.visit_id && !NEVER_BEGAN.includes(task.source);
  if (origin.quotes.length === 0 && origin.charts.length === 0 && !opens && !task.thread_id)
    return null;
  return (
    <Section title={t('title')}>
      {origin.quotes.length > 0 && (
        <dl className={classes.quotes}>
          {origin.quotes.map((quote) => (
            <div key={quote.what}>
              <dt>{t(`what.${quote.what}`)}</dt>
              <dd>
                <QuoteText quote={quote} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {origin.charts.length > 0 && (
        <ul className={classes.charts}>
          {origin.charts.map((chart) => (
            <li key={chart.id}>
              <Link to="/patients/$patientId" params={{ patientId: chart.id }}>
                {t('chart', { name: chart.name, mrn: chart.mrn })}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {task.thread_id && (
        <Link to="/inbox/$threadId" params={{ threadId: task.thread_id }} className={classes.link}>
          {t('thread')}
        </Link>
      )}
      {task.visit_id && opens && (
        <Link to="/encounter/$visitId" params={{ visitId: task.visit_id }} className={classes.link}>
          {t('visit')}
        </Link>
      )}
    </Section>
  );
}

/** The words as they were written, or what a code stands for. */
function QuoteText({ quote: { what, text } }: { quote: Quote }) {
  const t = useTranslations('followup.origin');
  const trouble = useTranslations('visits/queue.troubles');
  const reason = useReasonName();
  if (what === 'trouble') {
    const said = text.split(' ').map((code) => (trouble.has(code) ? trouble(code) : code));
    return said.join('. ');
  }
  if (what === 'reason') return reason(text);
  if (what === 'failure' || what === 'contact') {
    const key = `${what}s.${text}`;
    return t.has(key) ? t(key) : text;
  }
  return text;
}
