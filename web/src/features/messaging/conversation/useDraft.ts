import { useEffect, useRef, useState } from 'react';
import { drafts } from '@/lib/drafts/drafts';

const KEEP_AFTER_MS = 400;

export type Draft = ReturnType<typeof useDraft>;

/** Text that is being written, kept encrypted on this device until it is sent. */
export function useDraft(name: string) {
  const [text, setText] = useState('');
  const touched = useRef(false);
  const unkept = useRef<(() => void) | null>(null);

  useEffect(() => {
    let current = true;
    touched.current = false;
    setText('');
    void drafts.read<string>(name).then((kept) => {
      if (current && kept && !touched.current) setText(kept);
    });
    return () => {
      current = false;
    };
  }, [name]);

  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    if (!touched.current) return;
    const keep = () => {
      unkept.current = null;
      if (text.trim()) void drafts.keep(name, text);
      else drafts.drop(name);
    };
    unkept.current = keep;
    const timer = setTimeout(keep, KEEP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [name, text]);

  // Whoever goes to another page at once loses nothing.
  useEffect(() => () => unkept.current?.(), []);

  return {
    text,
    write(next: string) {
      touched.current = true;
      setText(next);
    },
    /** Written by the page itself: done when it is kept. */
    async writeNow(next: string) {
      touched.current = true;
      setText(next);
      await drafts.keep(name, next);
    },
    /** Empties the field; the draft goes when what became of it is kept. */
    clear(kept: Promise<unknown>) {
      touched.current = true;
      setText('');
      void kept.then(() => {
        if (!latest.current.trim()) drafts.drop(name);
      });
    },
  };
}
