import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { NoteEditor } from '@/features/chart/note/editor/NoteEditor';
import { FinishReview } from '@/features/chart/note/finish/FinishReview';
import { Sensitivity } from '@/features/chart/note/Sensitivity';
import { SignedNote } from '@/features/chart/note/SignedNote';
import { useNote } from '@/features/chart/note/useNote';
import {
  type ChartSummary,
  type Note,
  noteQuery,
  openNoteQuery,
  type Visit,
} from '@/features/chart/queries';
import { useShortcuts } from '@/features/chart/shortcuts';
import { isMissing } from '@/lib/api/problem';
import { ErrorText } from '@/lib/errors/ErrorText';
import { fieldErrors, focusFirstError } from '@/lib/errors/useForm';
import { useLiveQueries } from '@/lib/live/useLive';
import { Kbd } from '@/ui/marks/Kbd';
import { SavedAt } from '@/ui/marks/SavedAt';
import { Empty } from '@/ui/states/Empty';
import { UnlessLocked } from '@/ui/states/LockedChart';
import { QueryState } from '@/ui/states/QueryState';
import { showToast } from '@/ui/toasts/toast';
import classes from './Encounter.module.css';

interface NotePaneProps {
  visit: Visit;
  summary: ChartSummary;
  mine: boolean;
}

/** The note: written by whoever has the visit, read by the rest of the care team. */
export function NotePane({ visit, summary, mine }: NotePaneProps) {
  const write = mine && ['admitted', 'finished'].includes(visit.status);
  useLiveQueries({ 'note.signed': noteQuery(visit.id).queryKey });
  return write ? <Written visit={visit} summary={summary} /> : <Read visit={visit} mine={mine} />;
}

function Read({ visit, mine }: { visit: Visit; mine: boolean }) {
  const t = useTranslations('chart.encounter');
  const note = useQuery({ ...noteQuery(visit.id), retry: false });
  if (isMissing(note.error)) return <Empty title={t('noNote')} />;
  return (
    <div className={classes.scroll}>
      <UnlessLocked of={note}>
        <QueryState of={note}>{(found) => <SignedNote note={found} mayAdd={mine} />}</QueryState>
      </UnlessLocked>
    </div>
  );
}

function Written({ visit, summary }: { visit: Visit; summary: ChartSummary }) {
  const note = useQuery(openNoteQuery(visit.id));
  return (
    <QueryState of={note}>
      {(found) =>
        found.status === 'signed' ? (
          <Read visit={visit} mine />
        ) : (
          <Editor key={found.id} note={found} summary={summary} />
        )
      }
    </QueryState>
  );
}

function Editor({ note, summary }: { note: Note; summary: ChartSummary }) {
  const t = useTranslations('chart');
  const navigate = useNavigate();
  const { session, state } = useNote(note);
  const [finishing, setFinishing] = useState(false);
  const [missing, setMissing] = useState<Readonly<Record<string, ReactNode>>>({});
  const finish = () => setFinishing(true);
  useShortcuts({ Enter: finish });

  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (Object.keys(missing).length > 0 && body.current) focusFirstError(body.current);
  }, [missing]);

  const { merges } = state;
  useEffect(() => {
    if (merges > 0) showToast({ text: t('note.merged') });
  }, [merges, t]);

  const lost = state.problem && state.problem.fields.length === 0 ? state.problem : null;
  return (
    <>
      <div ref={body} className={classes.scroll}>
        <div className={classes.sensitivity}>
          <Sensitivity note={note} />
        </div>
        <NoteEditor
          state={state}
          missing={missing}
          onChange={(content) => {
            setMissing({});
            session.edit(content);
          }}
        />
      </div>
      <footer className={classes.footer}>
        <SavedAt saving={state.saving} />
        <span className={classes.problem} role="alert">
          {lost && <ErrorText code={lost.code} />}
        </span>
        <Button onClick={finish} rightSection={<Kbd>Alt ⏎</Kbd>}>
          {t('encounter.finish')}
        </Button>
      </footer>
      {finishing && (
        <FinishReview
          note={note}
          summary={summary}
          session={session}
          onClose={() => setFinishing(false)}
          onMissing={(problem) => {
            setMissing(fieldErrors(problem.fields));
            setFinishing(false);
          }}
          onFinished={() => {
            showToast({ text: t('finish.done') });
            void navigate({ to: '/queue' });
          }}
        />
      )}
    </>
  );
}
