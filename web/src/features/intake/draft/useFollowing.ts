import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { api, take } from '@/lib/api/client';
import { chime } from '@/lib/attention/chime';
import { flashTitle } from '@/lib/attention/titleFlash';
import { useLiveQueries } from '@/lib/live/useLive';
import type { Intake } from '../model';

/**
 * Where the visit is while its form is open: a patient in danger may be admitted before the form is
 * sent, and the clinic may call the visit off. Being admitted is told as in the waiting room.
 */
export function useFollowing({ visit_id: visitId, visit_status }: Intake): Intake['visit_status'] {
  const t = useTranslations('intake');
  const queryKey = ['visits', visitId, 'following'];
  const { data } = useQuery({
    queryKey,
    queryFn: () =>
      take(api.GET('/api/visits/{visit_id}', { params: { path: { visit_id: visitId } } })),
    // Opened again after having been put back, the page must not follow what was true before.
    gcTime: 0,
  });
  useLiveQueries({ 'visit.changed': queryKey });
  const status = data?.status ?? visit_status;
  const before = useRef(visit_status);
  const message = t('ready');
  useEffect(() => {
    const turned = before.current !== 'admitted' && status === 'admitted';
    before.current = status;
    if (!turned) return;
    void chime('turn');
    navigator.vibrate?.([200, 100, 200]);
    flashTitle(message);
  }, [status, message]);
  return status;
}
