import { Alert, Button, Modal } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { IconChevronDown } from '@tabler/icons-react';
import { type UseMutationResult, useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ApiProblem, type FieldProblem } from '@/lib/api/problem';
import { FormProblem } from '@/lib/errors/FormProblem';
import { SigningOff, useMaySign } from '@/lib/session/stepUp/SigningOff';
import { useStepUpFor } from '@/lib/session/stepUp/stepUpFor';
import { QueryState } from '@/ui/states/QueryState';
import { PRESCRIPTIONS } from '../../prescribing/model';
import type { ChartSummary, Note } from '../../queries';
import { Identity } from '../../strip/Identity';
import { Risks } from '../../strip/Risks';
import { type Content, complete, dueField, vitalTyped } from '../content';
import { NEW_VITAL } from '../editor/VitalsEditor';
import { NoteText } from '../NoteText';
import { Prescribed } from '../Prescribed';
import type { NoteSession } from '../session';
import classes from './FinishReview.module.css';
import { makeReady, type Reviewed } from './ready';
import { useSeen } from './useSeen';

interface FinishReviewProps {
  note: Note;
  summary: ChartSummary;
  session: NoteSession;
  onClose: () => void;
  /** The note lacks something: its editor shows what, beside the fields. */
  onMissing: (problem: ApiProblem) => void;
  onFinished: () => void;
}

/** What is shown is not what stands there any more: it is fetched and shown again. */
const OUTDATED: ReadonlySet<string> = new Set(['note_changed', 'unsigned_prescriptions']);

/**
 * The last look: the note is saved and made ready, and what is drawn here is parsed from the very
 * bytes that will be signed. One press signs it and ends the visit. A prescription that is begun and
 * not signed is named, and goes only if the button said so.
 */
export function FinishReview(props: FinishReviewProps) {
  const { note, summary, session, onClose, onMissing, onFinished } = props;
  const t = useTranslations('chart.finish');
  useStepUpFor(t('stepUpFor', { name: summary.patient.name }));
  const small = useMediaQuery('(max-width: 48em)', undefined, { getInitialValueInEffect: false });
  const ready = useQuery({
    queryKey: ['note', note.id, 'ready'],
    queryFn: async (): Promise<Reviewed> => {
      const waiting = numbersWaiting(session.snapshot().content);
      if (waiting.length > 0) {
        const problem = new ApiProblem(422, 'invalid', waiting);
        onMissing(problem);
        throw problem;
      }
      if (!(await session.flush())) throw new ApiProblem(0, 'note_not_saved');
      const reviewed = await makeReady(note, session.snapshot().version).catch(
        (error: ApiProblem) => {
          if (error.fields?.length) onMissing(error);
          if (error.code === 'note_stale') follow(session, error.data as unknown as Newer);
          throw error;
        },
      );
      follow(session, reviewed);
      return reviewed;
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const finish = useAction({
    run: ({ sha256, unsigned }: Reviewed, init) =>
      take(
        api.POST('/api/visits/{visit_id}/finish-visit', {
          params: { path: { visit_id: note.visit_id } },
          body: { sha256, discard_drafts: unsigned.map(({ id }) => id) },
          ...init,
        }),
      ),
    invalidates: [['visit', note.visit_id], ['patient', note.patient_id], ['queue'], PRESCRIPTIONS],
    onDone: onFinished,
    onProblem: ({ code }) => OUTDATED.has(code) && void ready.refetch(),
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('title')}
      size="68rem"
      fullScreen={small}
      yOffset="1rem"
      closeButtonProps={{ 'aria-label': t('back') }}
      classNames={{ content: classes.content ?? '', body: classes.body ?? '' }}
    >
      <div className={classes.whom}>
        <Identity patient={summary.patient} />
        <Risks summary={summary} />
      </div>
      <QueryState of={ready}>
        {(document) => (
          <Document key={document.sha256} of={document} onClose={onClose} finish={finish} />
        )}
      </QueryState>
    </Modal>
  );
}

interface DocumentProps {
  of: Reviewed;
  finish: UseMutationResult<unknown, ApiProblem, Reviewed>;
  onClose: () => void;
}

/** What will be done comes first, how it came to that after it; the button signs once the first has been on screen. */
function Document({ of: document, finish, onClose }: DocumentProps) {
  const t = useTranslations('chart.finish');
  const content = complete(document.content);
  const page = useRef<HTMLDivElement>(null);
  const end = useRef<HTMLDivElement>(null);
  const seen = useSeen(page, end);
  const readOn = () => page.current?.scrollBy({ top: page.current.clientHeight * 0.8 });
  const discards = document.unsigned.length;
  const maySign = useMaySign();
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard */}
      <div ref={page} className={classes.page} tabIndex={0} role="document" aria-label={t('title')}>
        <div className={classes.column}>
          {document.adult && (
            <Alert color="ochre" role="note">
              {t('otherAdult', { line: document.adult })}
            </Alert>
          )}
          {document.unsigned.map(({ id, drug }) => (
            <Alert key={id} color="ochre" role="note">
              {t('unsigned', { name: drug })}
            </Alert>
          ))}
          <NoteText content={content} sections={['assessment', 'plan']} />
          <Prescribed lines={document.prescriptions} />
          <div ref={end} />
        </div>
        <div className={classes.column}>
          <NoteText content={content} sections={['objective', 'subjective']} />
          <p className={classes.seal}>
            {t('fingerprint', {
              version: document.version,
              sha256: document.sha256.slice(0, 16),
            })}
          </p>
        </div>
      </div>
      <footer className={classes.foot}>
        <SigningOff />
        <FormProblem of={finish.error} />
        <div className={classes.buttons}>
          <Button variant="default" onClick={onClose}>
            {t('back')}
          </Button>
          {/* Not in the place of the button that signs: a double press would sign. */}
          {!seen && (
            <Button
              variant="default"
              onClick={readOn}
              rightSection={<IconChevronDown size={18} aria-hidden />}
            >
              {t('readOn')}
            </Button>
          )}
          <Button
            data-autofocus
            disabled={!seen || !maySign}
            loading={finish.isPending}
            onClick={() => finish.mutate(document)}
          >
            {discards > 0 ? t('discardAndSign', { count: discards }) : t('sign')}
          </Button>
        </div>
      </footer>
    </>
  );
}

type Newer = Pick<Reviewed, 'version' | 'content'>;

/** Making a note ready may have named another adult with the child: the editor has that too. */
function follow(session: NoteSession, { version, content }: Newer): void {
  if (version !== session.snapshot().version) session.follow(version, complete(content));
}

/** What stands in a number field and is no part of the note: it is not left behind unseen. */
function numbersWaiting({ typed, plan_items }: Content): FieldProblem[] {
  const due = plan_items.flatMap(({ id }, place) =>
    dueField(id) in typed
      ? [{ path: `content.plan_items.${place}.due_in_days`, code: 'number_unreadable' }]
      : [],
  );
  return vitalTyped(typed) === null ? due : [{ path: NEW_VITAL, code: 'vital_not_added' }, ...due];
}
