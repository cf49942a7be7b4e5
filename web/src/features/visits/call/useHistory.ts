import { useEffect, useRef } from 'react';
import type { Call } from '@/lib/call/engine';

/** Keeps how the call of a visit goes, for support staff. Loaded once it runs: nobody waits for it, nor misses it. */
export function useHistory(call: Call, visitId: string | null, attempt: string): void {
  const recorder = useRef<Promise<{ begin: (attempt: string) => void }>>(undefined);
  useEffect(() => {
    if (!visitId) return;
    const made = import('./history/record').then(({ record }) => record(call, visitId));
    made.catch(() => undefined);
    recorder.current = made;
    return () =>
      void made.then(
        ({ stop }) => stop(),
        () => undefined,
      );
  }, [call, visitId]);
  useEffect(() => {
    recorder.current?.then(
      ({ begin }) => begin(attempt),
      () => undefined,
    );
  }, [attempt]);
}
