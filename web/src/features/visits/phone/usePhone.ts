import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useRef } from 'react';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { useLiveQueries } from '@/lib/live/useLive';
import { pathOf } from '../model';

export type Phone = components['schemas']['PhoneOut'];
export type PhoneLeg = components['schemas']['PhoneLegOut'];

export const phoneKey = (visitId: string) => ['visit', visitId, 'phone'] as const;

/** How the visit goes on by telephone, kept up to date. */
export function usePhone(visitId: string): Phone | undefined {
  useLiveQueries({ 'visit.changed': phoneKey(visitId) });
  const query = useQuery({
    queryKey: phoneKey(visitId),
    queryFn: () => take(api.GET('/api/visits/{visit_id}/phone', pathOf(visitId))),
  });
  return query.data;
}

export const openCall = (phone: Phone | undefined) =>
  phone?.calls.find(({ ended_at }) => ended_at === null);

/**
 * The key is that of `call/useCutOff`, which is not imported: that would move it to a file of its own on the way to the call.
 *
 * Tells whether this side is on the line, where video then gives way: sound would come twice. Who was in the video
 * before finds it again by itself when the telephone call is over.
 */
export function useTalking(
  visitId: string,
  phone: Phone | undefined,
  side: PhoneLeg['side'],
  onTalking: (talking: boolean) => void,
): void {
  const legs = openCall(phone)?.legs ?? [];
  const talking = legs.some((leg) => leg.side === side && leg.status === 'in_call');
  const hadVideo = phone?.modality === 'video_and_phone' || phone?.modality === 'video';
  const before = useRef(false);
  const tell = useEffectEvent((now: boolean) => {
    if (before.current && !now && hadVideo)
      sessionStorage.setItem(`call:${visitId}`, String(Date.now()));
    if (before.current !== now) onTalking(now);
    before.current = now;
  });
  useEffect(() => tell(talking), [talking]);
}
