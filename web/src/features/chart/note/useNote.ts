import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { api, take } from '@/lib/api/client';
import { drafts } from '@/lib/drafts/drafts';
import { isLeaving } from '@/lib/session/signOut';
import { type Note, noteQuery } from '../queries';
import { type Content, complete } from './content';
import { type Draft, NoteSession, type NoteState, type NoteWorld } from './session';

function worldOf(note: Note): NoteWorld {
  const name = `note.${note.id}`;
  return {
    save: (version, content) =>
      take(
        api.PUT('/api/notes/{note_id}', {
          params: { path: { note_id: note.id } },
          body: { version, content: forApi(content) },
        }),
      ),
    keepDraft: (draft) => drafts.keep(name, draft),
    readDraft: () => drafts.read<Draft>(name),
    dropDraft: () => drafts.drop(name),
  };
}

/** What is sent, with lists that may be written to, as the generated client has them. */
const forApi = ({ typed: _here, ...content }: Content) => ({
  ...content,
  diagnoses: [...content.diagnoses],
  vitals: [...content.vitals],
  plan_items: [...content.plan_items],
});

/** The note of this page: its state, and the session that saves it. */
export function useNote(note: Note): { session: NoteSession; state: NoteState } {
  const queries = useQueryClient();
  const [session] = useState(
    () =>
      new NoteSession(
        { content: complete(note.content), version: note.version, saved_at: note.saved_at },
        worldOf(note),
      ),
  );
  const state = useSyncExternalStore(session.subscribe, session.snapshot);

  useEffect(() => {
    void session.recover();
    const leaving = () => void session.flush();
    const hidden = () => document.visibilityState === 'hidden' && leaving();
    window.addEventListener('online', session.online);
    document.addEventListener('visibilitychange', hidden);
    return () => {
      window.removeEventListener('online', session.online);
      document.removeEventListener('visibilitychange', hidden);
      leaving();
      void queries.invalidateQueries({ queryKey: noteQuery(note.visit_id).queryKey, exact: true });
    };
  }, [session, queries, note.visit_id]);

  useWarnBeforeLosing(session);
  return { session, state };
}

/** The browser asks before a page is closed whose text is neither saved nor kept on this device. */
function useWarnBeforeLosing(session: NoteSession): void {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      const lost = session.snapshot().saving.state === 'failed' && session.unsaved;
      if (lost && !isLeaving()) event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [session]);
}
