import { useQuery } from '@tanstack/react-query';
import { useAction } from '@/lib/api/action';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import type { components } from '@/lib/api/schema';
import { useLiveQueries } from '@/lib/live/useLive';

export type StuckWork = components['schemas']['StuckWork'];
export type StuckList = components['schemas']['StuckList'];
export type StuckItem = components['schemas']['StuckItem'];
export type Kind = 'events' | 'notices' | 'prescriptions';

const WORK = ['admin', 'stuck-work'];
const CHANGES = { 'work.changed': WORK, 'outbox.changed': WORK };

/** What is stuck, kept up to date while it is on the screen. */
export function useStuckWork() {
  useLiveQueries(CHANGES);
  return useQuery({
    queryKey: WORK,
    queryFn: () => take(api.GET('/api/admin/stuck-work')),
    staleTime: 0,
  });
}

export const RETRY = {
  events: (event_id: string) =>
    take(
      api.POST('/api/admin/stuck-work/events/{event_id}/retry', { params: { path: { event_id } } }),
    ),
  notices: (notice_id: string) =>
    take(
      api.POST('/api/admin/stuck-work/notices/{notice_id}/retry', {
        params: { path: { notice_id } },
      }),
    ),
  prescriptions: (prescription_id: string) =>
    take(
      api.POST('/api/admin/stuck-work/prescriptions/{prescription_id}/retry', {
        params: { path: { prescription_id } },
      }),
    ),
};

/** Whoever prescribed a prescription may cancel it; nobody sets it aside. */
export const SET_ASIDE = {
  events: (event_id: string) =>
    take(
      api.POST('/api/admin/stuck-work/events/{event_id}/set-aside', {
        params: { path: { event_id } },
      }),
    ),
  notices: (notice_id: string) =>
    take(
      api.POST('/api/admin/stuck-work/notices/{notice_id}/set-aside', {
        params: { path: { notice_id } },
      }),
    ),
};

interface Ends {
  done: () => void;
  failed: (problem: ApiProblem) => void;
}

/** Something done to one piece of work, after which the list is another. */
export function useDeed(run: (id: string) => Promise<unknown>, { done, failed }: Ends) {
  return useAction({
    run: (id: string) => run(id),
    invalidates: [WORK],
    onDone: done,
    onProblem: failed,
  });
}
