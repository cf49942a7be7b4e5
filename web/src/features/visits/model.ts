import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

type Schemas = components['schemas'];
export type Visit = Schemas['VisitOut'];
export type Waiting = Schemas['WaitingOut'];
export type Estimate = Schemas['EstimateOut'];
export type QueueEntry = Schemas['QueueEntry'];
export type Queue = Schemas['QueueOut'];
export type Slots = Schemas['SlotsOut'];
export type OpenSlot = Schemas['OpenSlotOut'];
export type LocationName = Schemas['LocationName'];
export type Hours = Schemas['HoursIn'];

export const pathOf = (visitId: string) => ({ params: { path: { visit_id: visitId } } });

export const visitQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visits', visitId, 'visit'],
    queryFn: () => take(api.GET('/api/visits/{visit_id}', pathOf(visitId))),
  });

export const waitingQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visits', visitId, 'waiting'],
    queryFn: () => take(api.GET('/api/visits/{visit_id}/waiting', pathOf(visitId))),
  });

export const queueQuery = queryOptions({
  queryKey: ['queue'],
  queryFn: () => take(api.GET('/api/queue')),
});

/** Open times from a day on, by day in the reader's zone; for a visit type, those of who offers it. */
export const slotsQuery = (
  firstDay: string,
  days: number,
  timeZone: string,
  reason: string | null,
) =>
  queryOptions({
    queryKey: ['slots', firstDay, days, timeZone, reason],
    queryFn: () =>
      take(
        api.GET('/api/slots', {
          params: {
            query: {
              first_day: firstDay,
              days,
              time_zone: timeZone,
              ...(reason && { reason_code: reason }),
            },
          },
        }),
      ),
  });
