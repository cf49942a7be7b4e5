import { useEffect, useRef, useState } from 'react';
import { drafts } from '@/lib/drafts/drafts';

const KEEP_AFTER_MS = 400;

/** Text that is being written, kept encrypted on this device until it is sent. */
export function useDraft(name: string) {
  const [text, setText] = useState('');
  const touched = useRef(false);

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

  useEffect(() => {
    if (!touched.current) return;
    const timer = setTimeout(
      () => (text.trim() ? void drafts.keep(name, text) : drafts.drop(name)),
      KEEP_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [name, text]);

  return {
    text,
    write(next: string) {
      touched.current = true;
      setText(next);
    },
    clear() {
      touched.current = true;
      setText('');
      drafts.drop(name);
    },
  };
}
