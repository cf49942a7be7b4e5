import { useEffect } from 'react';
import { HEARTBEAT_MS } from './heartbeat.ts';

/** Calls back every HEARTBEAT_MS, in the background too. Returns a way to stop. */
function heartbeat(beat: () => void): () => void {
  if (typeof Worker === 'undefined') {
    const timer = setInterval(beat, HEARTBEAT_MS);
    return () => clearInterval(timer);
  }
  const worker = new Worker(new URL('./heartbeat.worker.ts', import.meta.url), { type: 'module' });
  worker.onmessage = beat;
  return () => worker.terminate();
}

/**
 * Tells the API that a page is open (`<path>/here`) until it is closed (`<path>/away`). A lost
 * heartbeat is made up for by the next.
 */
export function usePresence(path: string | null): void {
  useEffect(() => {
    if (path === null) return;
    const body = JSON.stringify({ page: crypto.randomUUID() });
    const say = (word: 'here' | 'away') => {
      const init: RequestInit = {
        method: 'POST',
        credentials: 'same-origin',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body,
      };
      void fetch(`${path}/${word}`, init).catch(() => undefined);
    };
    const here = () => say('here');
    const away = () => say('away');
    here();
    const stop = heartbeat(here);
    window.addEventListener('online', here);
    window.addEventListener('pageshow', here);
    window.addEventListener('pagehide', away);
    return () => {
      stop();
      window.removeEventListener('online', here);
      window.removeEventListener('pageshow', here);
      window.removeEventListener('pagehide', away);
      away();
    };
  }, [path]);
}
