import { Button, Group, Textarea } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import { useKeptForm } from '@/lib/drafts/useKeptForm';
import { FormProblem } from '@/lib/errors/FormProblem';
import { SigningOff, useMaySign } from '@/lib/session/stepUp/SigningOff';
import { useTimes } from '@/lib/time/useTimes';
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
  const maySign = useMaySign();
  const add = useAction({
    run: (text: string, init) =>
      take(
        api.POST('/api/notes/{note_id}/addenda', {
          params: { path: { note_id: note.id } },
          body: { text },
          ...init,
        }),
      ),
    invalidates: [['visit', note.visit_id, 'note']],
  });
  const form = useKeptForm(`addendum.${note.id}`, {
    initialValues: { text: '' },
    checks: ({ text }) => ({ text: !text.trim() && 'required' }),
    submit: async ({ text }) => {
      await add.mutateAsync(text);
      form.reset();
    },
  });
  return (
    <form {...form.props} className={classes.column}>
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
