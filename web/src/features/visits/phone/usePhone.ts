import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
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

/** Whether both are on the line and hear each other. */
export function areTalking(phone: Phone | undefined): boolean {
  const legs = openCall(phone)?.legs.filter(({ status }) => status === 'in_call') ?? [];
  return new Set(legs.map(({ side }) => side)).size === 2;
}

/** Tells whether both talk by telephone, where video gives way: sound would come twice. One comes back to it by a press. */
export function useTalking(
  phone: Phone | undefined,
  onTalking: (talking: boolean) => void,
): boolean {
  const talking = areTalking(phone);
  const tell = useEffectEvent(onTalking);
  useEffect(() => {
    if (!talking) return;
    tell(true);
    return () => tell(false);
  }, [talking]);
  return talking;
}
