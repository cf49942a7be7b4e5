import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { isMissing } from '@/lib/api/problem';
import { useLiveQueries } from '@/lib/live/useLive';
import { RedFlag } from '@/ui/marks/RedFlag';
import { WithAdult } from '@/ui/person/WithAdult';
import { Empty } from '@/ui/states/Empty';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import classes from './IntakePanel.module.css';
import { intakeQuery } from './queries';

/** What the patient answered at intake, as it was asked. */
export function IntakePanel({ visitId }: { visitId: string }) {
  const t = useTranslations('chart.intake');
  const named = useTranslations('visits/queue.flags');
  const intake = useQuery(intakeQuery(visitId));
  // A patient in danger may have been admitted while still answering.
  useLiveQueries({ 'visit.changed': intakeQuery(visitId).queryKey });
  if (isMissing(intake.error)) return <Empty title={t('none')} />;
  return (
    <UnlessLocked of={intake}>
      <QueryState of={intake}>
        {({ summary, questions, flags, submitted_at, adult }) => (
          <div className={classes.intake}>
            {!submitted_at && <p className={classes.notSent}>{t('notSent')}</p>}
            {flags.length > 0 && (
              <ul className={classes.flags} aria-label={t('flags')}>
                {flags.map((flag) => (
                  <li key={flag.id}>
                    <RedFlag level={flag.level} changedAt={flag.changed_at} because={flag.because}>
                      {named.has(flag.id) ? named(flag.id) : flag.title}
                    </RedFlag>
                  </li>
                ))}
              </ul>
            )}
            {adult && <WithAdult adult={adult} />}
            <p className={classes.complaint}>{summary.chief_complaint}</p>
            <dl className={classes.answers}>
              {questions.map(({ group, question, answer }) => (
                <div key={`${group} ${question}`}>
                  <dt>{question}</dt>
                  <dd>{answer}</dd>
                </div>
              ))}
              {[
                [t('allergies'), summary.allergies],
                [t('medicines'), summary.medicines],
              ].map(([title, said]) => (
                <div key={title as string}>
                  <dt>{title}</dt>
                  <dd>{(said as string[]).join('; ') || t('noneSaid')}</dd>
                </div>
              ))}
            </dl>
          </div>
        )}
      </QueryState>
    </UnlessLocked>
  );
}
