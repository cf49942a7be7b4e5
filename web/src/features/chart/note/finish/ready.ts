import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { Line } from '../../prescribing/model';
import type { Note } from '../../queries';

type Schemas = components['schemas'];

/** What is shown before it is signed: the note as its bytes say it, and the visit's prescriptions. */
export interface Reviewed {
  version: number;
  sha256: string;
  content: Schemas['NoteContent'];
  /** Who is with the child, in a line that the note has otherwise, by the clinician's hand. */
  adult: string | null;
  /** Prescriptions that were begun and would never be sent: finishing gives them up. */
  unsigned: Schemas['UnsignedPrescription'][];
  prescriptions: Line[];
}

const GONE: ReadonlySet<string> = new Set(['draft', 'cancelled']);

/** Fixes the version that was written as the one to be signed. */
export async function makeReady(note: Note, written: number): Promise<Reviewed> {
  const [ready, { items }] = await Promise.all([
    take(
      api.POST('/api/notes/{note_id}/ready', {
        params: { path: { note_id: note.id } },
        body: { version: written },
      }),
    ),
    take(
      api.GET('/api/visits/{visit_id}/prescriptions', {
        params: { path: { visit_id: note.visit_id } },
      }),
    ),
  ]);
  const { version, sha256, unsigned, adult } = ready;
  const prescriptions = items.filter(({ status }) => !GONE.has(status));
  return { ...JSON.parse(ready.document), version, sha256, unsigned, adult, prescriptions };
}
