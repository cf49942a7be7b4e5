import { Checkbox } from '@mantine/core';
import { IconEyeQuestion } from '@tabler/icons-react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ErrorText } from '@/lib/errors/ErrorText';
import { FormProblem } from '@/lib/errors/FormProblem';
import { useTimes } from '@/lib/time/useTimes';
import type { Draft } from '../model';
import classes from './Alerts.module.css';

interface UnreadProps {
  draft: Draft;
  /** Signing was tried without it. */
  missing: boolean;
  /** The draft as it is after the word was given or taken back. */
  onFresh: (draft: Draft) => void;
  /** The chart has other entries by now. */
  onStale: () => void;
}

/** What of the chart the check did not understand, and the prescriber's word that they read it. */
export function Unread({ draft, missing, onFresh, onStale }: UnreadProps) {
  const t = useTranslations('chart/prescribing.unread');
  const times = useTimes();
  const say = useAction({
    run: (sha256: string | null) =>
      take(
        api.PUT('/api/prescriptions/{prescription_id}/acknowledgement', {
          params: { path: { prescription_id: draft.line.id } },
          body: { sha256 },
        }),
      ),
    onDone: onFresh,
    onProblem: onStale,
  });
  const { acknowledged_at: at } = draft;
  return (
    <section className={classes.alert} data-severity="moderate" aria-label={t('title')}>
      <h4 className={classes.title}>
        <IconEyeQuestion size={20} aria-hidden />
        <span>{t('title')}</span>
      </h4>
      <ul className={classes.entries}>
        {draft.not_understood.map(({ kind, text, parts, known }) => (
          <li key={`${kind}:${text}:${known}`}>
            <span className={classes.kind}>{t(`kind.${kind}`)}:</span> <strong>{text}</strong>
            <span className={classes.parts}>
              {known
                ? parts.join() !== text && t('parts', { parts: parts.join(', ') })
                : t('unknown', { names: parts.join(', ') })}
            </span>
          </li>
        ))}
      </ul>
      <Checkbox
        label={t('confirm')}
        description={at && t('confirmed', { time: times.dateTime(at) })}
        checked={at !== null}
        disabled={say.isPending}
        error={missing && at === null && <ErrorText code="acknowledgement_required" />}
        onChange={(event) => say.mutate(event.currentTarget.checked ? draft.unread_sha256 : null)}
      />
      <FormProblem of={say.error} />
    </section>
  );
}
