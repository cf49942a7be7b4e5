import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { drafts } from './drafts';

/**
 * State that a person writes and that reaches the server only later: kept on this device, sealed, with
 * every change. `drop` when the server has it.
 */
export function useKeptState<T>(name: string, empty: T) {
  const [value, setValue] = useState(empty);
  const touched = useRef(false);
  const restore = useEffectEvent((kept: T | null) => {
    if (kept !== null && !touched.current) setValue(kept);
  });
  useEffect(() => void drafts.read<T>(name).then(restore), [name]);
  const set = (next: T) => {
    touched.current = true;
    setValue(next);
    void drafts.keep(name, next);
  };
  return { value, set, drop: () => drafts.drop(name) };
}
