import { useEffect, useEffectEvent, useRef } from 'react';
import { type Form, type FormOptions, useForm } from '@/lib/errors/useForm';
import { drafts } from './drafts';

interface KeptFormOptions<V> extends FormOptions<V> {
  /** Fields that are chosen anew each time, and so not kept. */
  forgotten?: readonly (keyof V)[];
}

const KEEP_AFTER_MS = 300;

export interface KeptForm<V> {
  /** What the form began with, where that can change: on other beginnings nothing is put back. */
  base?: string;
  values: Partial<V>;
}

/**
 * A form whose text is kept on this device, sealed, from typing until it has been sent: it is there
 * again after a reload, another page, a crash, or a sign-in. `name` says which form it is, and about
 * whom: `task.close.<id>`. Not for passwords and codes.
 */
export function useKeptForm<V extends Record<string, unknown>>(
  name: string,
  options: KeptFormOptions<V>,
): Form<V> {
  const base = useRef(JSON.stringify(options.initialValues)).current;
  const settled = useRef(false);
  const form = useForm({
    ...options,
    submit: async (values) => {
      await options.submit(values);
      settled.current = true;
      drafts.drop(name);
    },
  });
  const values = JSON.stringify(form.values);
  const kept = useRef(values);

  const restore = useEffectEvent((found: KeptForm<V> | null) => {
    if (!found || form.isDirty() || (found.base ?? base) !== base) return;
    for (const [path, value] of Object.entries(found.values)) form.set(path, value);
  });
  useEffect(() => void drafts.read<KeptForm<V>>(name).then(restore), [name]);

  const keep = useEffectEvent(() => {
    if (settled.current || kept.current === values) return;
    kept.current = values;
    const forgotten = new Set<unknown>(options.forgotten);
    const typed = Object.entries(form.values).filter(([field]) => !forgotten.has(field));
    const draft = { base, values: Object.fromEntries(typed) };
    if (form.isDirty()) void drafts.keep(name, draft);
    else drafts.drop(name);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when something was typed
  useEffect(() => {
    settled.current = false;
    const timer = setTimeout(keep, KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [values]);

  useEffect(() => {
    const now = () => keep();
    document.addEventListener('visibilitychange', now);
    return () => {
      document.removeEventListener('visibilitychange', now);
      now();
    };
  }, []);
  return form;
}
