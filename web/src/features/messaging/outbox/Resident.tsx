import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { drafts } from '@/lib/drafts/drafts';
import { useLiveState } from '@/lib/live/useLive';
import { outbox, startSending } from '@/lib/outbox/device';

/** Sends what waits on this device, on whatever page its writer is. Draws nothing. */
export function Resident() {
  const client = useQueryClient();
  const live = useLiveState();
  useEffect(() => {
    void drafts.prepare();
    return startSending((keys) =>
      Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey }))),
    );
  }, [client]);
  // The stream is the first to know that the API is back.
  useEffect(() => {
    if (live === 'live') outbox.poke();
  }, [live]);
  return null;
}
