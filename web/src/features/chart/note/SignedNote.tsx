import { Button, Group, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { deliver } from '@/lib/outbox/deliver';
import { joined } from '@/lib/outbox/editing';
import { SigningOff, useMaySign } from '@/lib/session/stepUp/SigningOff';
import { useTimes } from '@/lib/time/useTimes';
import { showToast } from '@/ui/toasts/toast';
import { addendumDraft } from '../outbox/editing';
import type { AddendumLetter } from '../outbox/kinds';
import { UnsentAddenda } from '../outbox/UnsentAddenda';
import { usePatientName } from '../outbox/useChartDeed';
import type { Note } from '../queries';
import { complete } from './content';
import { NoteText } from './NoteText';
import classes from './NoteText.module.css';
import { Sensitivity } from './Sensitivity';

/** A signed note: to read, and to add to. `mayAdd` for the clinician whose visit it is. */
export function SignedNote({ note, mayAdd }: { note: Note; mayAdd: boolean }) {
  const t = useTranslations('chart.signed');
  const times = useTimes();
  return (
    <div className={classes.column}>
      <Sensitivity note={note} />
      <NoteText content={complete(note.content)} />
      {note.signed_at && (
        <p className={classes.seal}>
          {t('by', { name: note.signed_by ?? '', at: times.dateTime(note.signed_at) })}
        </p>
      )}
      {note.addenda.map((addendum) => (
        <div key={addendum.id} className={classes.addendum}>
          <div className={classes.seal}>
            {t('addendum', { name: addendum.author, at: times.dateTime(addendum.signed_at) })}
          </div>
          {addendum.text}
        </div>
      ))}
      {mayAdd && note.status === 'signed' && <NewAddendum note={note} />}
    </div>
  );
}

function NewAddendum({ note }: { note: Note }) {
  const t = useTranslations('chart.signed');
  const tOutbox = useTranslations('messaging/outbox');
  const maySign = useMaySign();
  const nameOf = usePatientName(note.patient_id);
  const add = useAction({
    run: (text: string) => {
      const [noteId, visitId] = [note.id, note.visit_id];
      const patientName = nameOf();
      const letter: AddendumLetter = { kind: 'addendum', noteId, visitId, patientName, text };
      return deliver(letter);
    },
    onDone: ({ sent }) => {
      if (!sent) showToast({ text: tOutbox('kept') });
    },
  });
  const form = useKeptForm(addendumDraft(note.id), {
    initialValues: { text: '' },
    checks: ({ text }) => ({ text: !text.trim() && 'required' }),
    submit: async ({ text }) => {
      await add.mutateAsync(text);
      form.reset();
    },
  });
  const putBack = (text: string) => {
    const both = joined(text, form.values.text);
    form.set('text', both);
    return both;
  };
  return (
    <form {...form.props} className={classes.column}>
      <UnsentAddenda noteId={note.id} onEdit={putBack} />
      <Textarea label={t('add')} autosize minRows={2} {...form.field('text')} />
      <SigningOff />
      <FormProblem of={form.problem} />
      <Group justify="flex-end">
        <Button type="submit" variant="default" disabled={!maySign} loading={form.sending}>
          {t('signAddendum')}
        </Button>
      </Group>
    </form>
  );
}
