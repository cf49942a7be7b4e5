import { useQuery } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import { useLiveQueries } from '@/lib/live/useLive';

const ALERTS = ['admin', 'alerts'];
const DAY_MS = 86_400_000;

/** Who was refused again and again, the newest first. */
export function useAlerts() {
  useLiveQueries({ 'alert.raised': ALERTS });
  return useQuery({
    queryKey: ALERTS,
    queryFn: () => take(api.GET('/api/admin/alerts')),
    staleTime: 5 * 60_000,
  });
}

/** Those of the last day, which are news. */
export function recent<A extends { at: string }>(alerts: readonly A[], now = Date.now()): A[] {
  return alerts.filter(({ at }) => now - Date.parse(at) < DAY_MS);
}
