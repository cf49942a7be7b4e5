import { Alert, Button, Group, Modal, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { ApiProblem, type FieldProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { FormProblem } from '@/lib/errors/FormProblem';
import { QueryState } from '@/ui/QueryState';
import { PRESCRIPTIONS } from '../prescribing/model';
import type { Note } from '../queries';
import { type Content, complete, dueField, vitalTyped } from './content';
import { NoteText } from './NoteText';
import classes from './NoteText.module.css';
import type { NoteSession } from './session';
import { NEW_VITAL } from './VitalsEditor';

interface FinishReviewProps {
  note: Note;
  session: NoteSession;
  onClose: () => void;
  /** The note lacks something: its editor shows what, beside the fields. */
  onMissing: (problem: ApiProblem) => void;
  onFinished: () => void;
}

interface Shown {
  version: number;
  sha256: string;
  content: components['schemas']['NoteContent'];
  /** Prescriptions that were begun and would never be sent: finishing gives them up. */
  unsigned: components['schemas']['UnsignedPrescription'][];
}

/** What is shown is not what stands there any more: it is fetched and shown again. */
const OUTDATED: ReadonlySet<string> = new Set(['note_changed', 'unsigned_prescriptions']);

/**
 * The last look: the note is saved and made ready, and what is drawn here is parsed from the very
 * bytes that will be signed. One press signs it and ends the visit. A prescription that is begun and
 * not signed is named, and goes only if the button said so.
 */
export function FinishReview(props: FinishReviewProps) {
  const { note, session, onClose, onMissing, onFinished } = props;
  const t = useTranslations('chart.finish');
  const ready = useQuery({
    queryKey: ['note', note.id, 'ready'],
    queryFn: async (): Promise<Shown> => {
      const waiting = numbersWaiting(session.snapshot().content);
      if (waiting.length > 0) {
        const problem = new ApiProblem(422, 'invalid', waiting);
        onMissing(problem);
        throw problem;
      }
      if (!(await session.flush())) throw new ApiProblem(0, 'note_not_saved');
      return makeReady(note.id, session.snapshot().version).catch((error: ApiProblem) => {
        if (error.fields?.length) onMissing(error);
        throw error;
      });
    },
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const finish = useAction({
    run: ({ sha256, unsigned }: Shown, init) =>
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
      size="lg"
      closeButtonProps={{ 'aria-label': t('back') }}
    >
      <QueryState of={ready}>
        {(document) => (
          <Stack>
            {document.unsigned.map(({ id, drug }) => (
              <Alert key={id} color="ochre" role="note">
                {t('unsigned', { name: drug })}
              </Alert>
            ))}
            <NoteText content={complete(document.content)} />
            <p className={classes.seal}>
              {t('fingerprint', {
                version: document.version,
                sha256: document.sha256.slice(0, 16),
              })}
            </p>
            <FormProblem of={finish.error} />
            <Group justify="space-between" className={classes.actions}>
              <Button variant="default" onClick={onClose}>
                {t('back')}
              </Button>
              <Button
                data-autofocus
                loading={finish.isPending}
                onClick={() => finish.mutate(document)}
              >
                {document.unsigned.length > 0
                  ? t('discardAndSign', { count: document.unsigned.length })
                  : t('sign')}
              </Button>
            </Group>
          </Stack>
        )}
      </QueryState>
    </Modal>
  );
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

async function makeReady(noteId: string, written: number): Promise<Shown> {
  const ready = await take(
    api.POST('/api/notes/{note_id}/ready', {
      params: { path: { note_id: noteId } },
      body: { version: written },
    }),
  );
  const { version, sha256, unsigned } = ready;
  return { ...JSON.parse(ready.document), version, sha256, unsigned };
}
