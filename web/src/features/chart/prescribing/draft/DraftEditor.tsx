import { Button } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptState } from '@/lib/drafts/useKeptState';
import { ErrorText } from '@/lib/errors/ErrorText';
import { FormProblem } from '@/lib/errors/FormProblem';
import { focusFirstError } from '@/lib/errors/useForm';
import { SigningOff, useMaySign } from '@/lib/session/stepUp/SigningOff';
import { SavedAt } from '@/ui/marks/SavedAt';
import { QueryState } from '@/ui/states/QueryState';
import {
  type Draft,
  draftQuery,
  PRESCRIPTIONS,
  recentDrugsQuery,
  type SigWords,
  sigWordsQuery,
  useWords,
} from '../model';
import classes from '../Prescribing.module.css';
import { Alerts } from '../safety/Alerts';
import { Unread } from '../safety/Unread';
import { Directions } from './Directions';
import { ForWhom } from './ForWhom';
import { PharmacyPicker } from './PharmacyPicker';
import { SupplyFields } from './SupplyFields';
import { useDraft } from './useDraft';

interface DraftEditorProps {
  id: string;
  patientId: string;
  onDone: () => void;
}

/** One prescription being written, from directions to signature. */
export function DraftEditor({ id, patientId, onDone }: DraftEditorProps) {
  const draft = useQuery(draftQuery(id));
  const words = useQuery(sigWordsQuery);
  const both = {
    data: draft.data && words.data ? { draft: draft.data, words: words.data } : undefined,
    isError: draft.isError || words.isError,
    error: draft.error ?? words.error,
    refetch: () => Promise.all([draft.refetch(), words.refetch()]),
  };
  return (
    <QueryState of={both}>
      {(found) => (
        <Editor
          key={id}
          draft={found.draft}
          words={found.words}
          patientId={patientId}
          onDone={onDone}
        />
      )}
    </QueryState>
  );
}

interface EditorProps {
  draft: Draft;
  words: SigWords;
  patientId: string;
  onDone: () => void;
}

function Editor({ draft, words, patientId, onDone }: EditorProps) {
  const t = useTranslations('chart/prescribing.draft');
  const say = useWords();
  const client = useQueryClient();
  const { form, change, error, problem, saving, settled, said, wrong } = useDraft(draft);
  // Choosing a medicine took the search away: the keyboard goes on here.
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const kept = useKeptState<Record<string, string>>(`reasons.${draft.line.id}`, {});
  const reasons = kept.value;
  const [checked, setChecked] = useState(false);

  const refetch = () =>
    void client.invalidateQueries({ queryKey: draftQuery(draft.line.id).queryKey });
  const sign = useAction({
    run: (body: { sha256: string; reasons: Record<string, string> }) =>
      take(
        api.POST('/api/prescriptions/{prescription_id}/sign', {
          params: { path: { prescription_id: draft.line.id } },
          body,
        }),
      ),
    invalidates: [PRESCRIPTIONS, recentDrugsQuery.queryKey],
    onDone: () => {
      kept.drop();
      onDone();
    },
    onProblem: refetch,
  });
  const unread = draft.not_understood.length > 0 && draft.acknowledged_at === null;
  const unanswered = draft.alerts.filter(
    (alert) => alert.severity === 'high' && !reasons[alert.key]?.trim(),
  );
  const reasonError = (path: string) =>
    sign.error?.fields.find((field) => field.path === path)?.code ??
    (checked && unanswered.some((alert) => path === `reasons.${alert.key}`)
      ? 'reason_required'
      : null);
  // A reason or a tick that is missing stands far above the button: the keyboard and the eye are taken to it.
  const article = useRef<HTMLElement>(null);
  const [refusals, setRefusals] = useState(0);
  useEffect(() => {
    if ((refusals > 0 || sign.error?.fields.length) && article.current) {
      focusFirstError(article.current);
    }
  }, [refusals, sign.error]);
  const submit = () => {
    setChecked(true);
    if (unanswered.length > 0 || unread) setRefusals((count) => count + 1);
    else if (draft.sha256) sign.mutate({ sha256: draft.sha256, reasons });
  };
  const maySign = useMaySign();
  const pharmacyError = error('pharmacy_id');

  return (
    <article ref={article} className={classes.editor} aria-label={draft.drug.title}>
      <header className={classes.head}>
        <h3 ref={heading} tabIndex={-1} className={classes.drug}>
          {draft.drug.name} {draft.drug.strength} {say(draft.drug.label)}
        </h3>
        <SavedAt saving={saving} />
      </header>
      {draft.controlled && <p className={classes.blocked}>{t('controlled')}</p>}

      <Alerts
        alerts={draft.alerts}
        denied={draft.denied}
        reasons={reasons}
        error={reasonError}
        onReason={(key, reason) => kept.set({ ...reasons, [key]: reason })}
      />
      {draft.not_understood.length > 0 && (
        <Unread
          draft={draft}
          missing={checked}
          onFresh={(fresh) => client.setQueryData(draftQuery(draft.line.id).queryKey, fresh)}
          onStale={refetch}
        />
      )}
      <Directions
        draft={draft}
        form={form}
        said={said}
        wrong={wrong}
        words={words}
        error={error}
        onChange={change}
      />

      <fieldset className={classes.part}>
        <legend>{t('supply')}</legend>
        <SupplyFields draft={draft} form={form} words={words} error={error} onChange={change} />
      </fieldset>

      <fieldset className={classes.part}>
        <legend>{t('pharmacy')}</legend>
        <PharmacyPicker
          chosen={draft.line.pharmacy}
          onChoose={(pharmacy) => change({ pharmacy_id: pharmacy.id })}
          error={pharmacyError && <ErrorText code={pharmacyError} />}
        />
      </fieldset>

      <Missing paths={draft.missing} />
      <SigningOff />
      <FormProblem of={problem ?? (sign.error?.fields.length ? null : sign.error)} />

      <ForWhom draft={draft} words={words} settled={settled && !wrong} patientId={patientId} />
      <footer className={classes.foot}>
        <Button variant="default" onClick={onDone}>
          {t('later')}
        </Button>
        <span role="status" className={classes.hint}>
          {wrong && t('notYet')}
        </span>
        <Button
          disabled={!settled || !draft.sha256 || !maySign}
          loading={sign.isPending}
          onClick={submit}
        >
          {t('sign')}
        </Button>
      </footer>
    </article>
  );
}

/** What the pharmacy would lack, by name, before anyone has signed. */
function Missing({ paths }: { paths: readonly string[] }) {
  const t = useTranslations('chart/prescribing.missing');
  if (paths.length === 0) return null;
  return (
    <div className={classes.blocked} role="status">
      {t('title')}
      <ul>
        {paths.map((path) => (
          <li key={path}>{t(path.replaceAll('.', '_'))}</li>
        ))}
      </ul>
    </div>
  );
}
