import { useAction } from '@/lib/api/action';
import { decide, peopleQuery, type Verb } from './people';

/** What one decides about a guest; the list is asked for anew whatever comes of it. */
export function useDecide(visitId: string, guestId: string) {
  return useAction({
    run: (verb: Verb) => decide(visitId, guestId, verb),
    invalidates: [peopleQuery(visitId).queryKey],
  });
}
