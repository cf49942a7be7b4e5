import { useQueryClient } from '@tanstack/react-query';
import { useLive } from '@/lib/live/useLive';
import { type Waiting, waitingQuery } from '../model';

type Place = Pick<Waiting, 'ahead' | 'clinicians' | 'estimate'>;

/** Keeps the place in the line and the estimate as the server tells them, without asking for either. */
export function usePlace(visitId: string): void {
  const client = useQueryClient();
  const { queryKey } = waitingQuery(visitId);
  useLive('waiting.changed', ({ ids }) => {
    if (ids.visit_id && ids.visit_id !== visitId) return;
    // What is on its way was read before this message, and would put the older place back.
    if (!ids.visit_id || client.isFetching({ queryKey })) {
      void client.invalidateQueries({ queryKey });
      return;
    }
    client.setQueryData(
      queryKey,
      (known) => known && { ...known, ...(JSON.parse(ids.place ?? '{}') as Place) },
    );
  });
}
