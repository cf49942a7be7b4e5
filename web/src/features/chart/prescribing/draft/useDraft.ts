import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { api, take } from '@/lib/api/client';
import { ApiProblem, type FieldProblem } from '@/lib/api/problem';
import { drafts } from '@/lib/drafts/drafts';
import type { Saving } from '@/ui/marks/SavedAt';
import { same } from '../../note/content';
import { type Draft, draftQuery, type Form, formOf } from '../model';

const PAUSE_MS = 300;
const RETRY_MS = 2000;

/**
 * A draft that saves itself: each change goes out after a short pause, one at a time, on the version
 * that the last one gave. What is wrong stays beside its field with what was typed; a version that
 * somebody else has changed is fetched anew. What could not be saved, and text that is no number yet, is kept on this
 * device until it can.
 */
export function useDraft(draft: Draft) {
  const client = useQueryClient();
  const { id } = draft.line;
  const [form, setForm] = useState<Form>(() => formOf(draft));
  const [errors, setErrors] = useState<readonly FieldProblem[]>([]);
  const [problem, setProblem] = useState<ApiProblem | null>(null);
  const [saving, setSaving] = useState<Saving>({ state: 'saved', at: draft.line.created_at });
  const version = useRef(draft.version);
  const saved = useRef(form);
  const busy = useRef(false);

  const save = useEffectEvent(async () => {
    if (busy.current || same(sent(saved.current), sent(form))) return;
    busy.current = true;
    const sending = form;
    let unanswered = false;
    setSaving({ state: 'saving' });
    try {
      const fresh = await take(
        api.PUT('/api/prescriptions/{prescription_id}', {
          params: { path: { prescription_id: id } },
          body: { ...sent(sending), version: version.current },
        }),
      );
      version.current = fresh.version;
      client.setQueryData(draftQuery(id).queryKey, fresh);
      setErrors([]);
      setProblem(null);
      setSaving({ state: 'saved', at: new Date() });
    } catch (error) {
      const found = error instanceof ApiProblem ? error : new ApiProblem(0, 'unexpected');
      setErrors(found.fields);
      setProblem(found.fields.length > 0 ? null : found);
      setSaving({ state: 'failed' });
      unanswered = found.outcomeUnknown;
      if (found.status === 409)
        await client.invalidateQueries({ queryKey: draftQuery(id).queryKey });
    } finally {
      // What was refused is not sent again as it is; what got no answer is.
      if (!unanswered) saved.current = sending;
      busy.current = false;
      setTimeout(goOn, unanswered ? RETRY_MS : 0);
    }
  });
  const [round, setRound] = useState(0);
  const goOn = () => (closed.current ? void closing() : setRound((count) => count + 1));

  // Runs after each change, and after each save for what was changed meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: form and round are what it waits for
  useEffect(() => {
    const timer = setTimeout(() => void save(), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [form, round]);

  // What was written last is sent also when the editor is closed before the pause is over.
  const closed = useRef(false);
  const closing = useEffectEvent(() => void save());
  useEffect(() => {
    closed.current = false;
    return () => {
      closed.current = true;
      closing();
    };
  }, []);

  // Somebody else's newer version replaces what is on screen.
  useEffect(() => {
    if (draft.version > version.current) {
      version.current = draft.version;
      saved.current = formOf(draft);
      setForm(({ typed }) => withTyped(saved.current, typed));
    }
  }, [draft]);

  const unread = Object.keys(form.typed).length > 0;
  const settled =
    !unread &&
    same(sent(saved.current), sent(form)) &&
    saving.state !== 'saving' &&
    saving.state !== 'failed';
  useKept(draft, form, settled, (kept) => setForm((now) => (now === saved.current ? kept : now)));

  return {
    form,
    change: (part: Partial<Form>) => setForm((now) => ({ ...now, ...part })),
    /** The error code beside a field, by the API's path: of the last save, or of a draft older than a rule. */
    error: (path: string) =>
      errors.find((each) => each.path === path)?.code ?? draft.wrong[path] ?? null,
    problem,
    saving,
    /** What is on screen is what the server would have signed. */
    settled,
    /** Something on screen has to be mended before anything can be signed. */
    wrong: unread || errors.length > 0 || Object.keys(draft.wrong).length > 0,
    /** The directions that the server wrote are those on screen. */
    said: same(draft.sig, form.sig) && !Object.keys(form.typed).some(isOfSig),
  };
}

const isOfSig = (path: string) => path.startsWith('sig.');

/** What the API is told. */
const sent = ({ typed, ...form }: Form) => ({ ...form, unread: Object.keys(typed).sort() });

/** The text of this screen stays in fields that hold no number, also on a newer version. */
const withTyped = (form: Form, typed: Form['typed']): Form => ({
  ...form,
  typed: { ...form.typed, ...typed },
});

interface Kept {
  version: number;
  form: Form;
}

/** Keeps what is not saved on this device, and gives it back when the draft is opened again. */
function useKept(draft: Draft, form: Form, settled: boolean, restore: (form: Form) => void) {
  const name = `prescription.${draft.line.id}`;
  const [read, setRead] = useState(false);
  const put = useEffectEvent((kept: Kept | null) => {
    // On a newer version only the text that was no number is still anybody's.
    if (kept)
      restore(kept.version === draft.version ? kept.form : withTyped(form, kept.form.typed));
    setRead(true);
  });
  useEffect(() => void drafts.read<Kept>(name).then(put), [name]);
  const { version } = draft;
  useEffect(() => {
    if (!read) return;
    if (settled) drafts.drop(name);
    else void drafts.keep(name, { version, form } satisfies Kept);
  }, [read, settled, name, version, form]);
}
