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
 * Tells the API that a page is open (`<path>/here`), in sight or asleep, until it is closed (`<path>/away`). A lost
 * heartbeat is made up for by the next. A page that the browser freezes was hidden before, and has said so.
 */
export function usePresence(path: string | null): void {
  useEffect(() => {
    if (path === null) return;
    const page = crypto.randomUUID();
    let closed = false;
    const say = (word: 'here' | 'away') => {
      const asleep = word === 'here' && document.hidden;
      const init: RequestInit = {
        method: 'POST',
        credentials: 'same-origin',
        keepalive: true,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ page, asleep }),
      };
      void fetch(`${path}/${word}`, init).catch(() => undefined);
    };
    const here = () => {
      closed = false;
      say('here');
    };
    const away = () => {
      closed = true;
      say('away');
    };
    // A page that closes is hidden after that: the API must not hear then that it is asleep.
    const seen = () => closed || say('here');
    here();
    const stop = heartbeat(here);
    window.addEventListener('online', here);
    window.addEventListener('pageshow', here);
    window.addEventListener('pagehide', away);
    document.addEventListener('visibilitychange', seen);
    return () => {
      stop();
      window.removeEventListener('online', here);
      window.removeEventListener('pageshow', here);
      window.removeEventListener('pagehide', away);
      document.removeEventListener('visibilitychange', seen);
      away();
    };
  }, [path]);
}
