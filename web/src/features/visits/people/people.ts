import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import { pathOf } from '../model';

export type Guest = components['schemas']['GuestOut'];

/** Who was asked into a visit. Its key stands under the visit's, so that `visit.changed` has it fetched anew. */
export const peopleQuery = (visitId: string) =>
  queryOptions({
    queryKey: ['visit', visitId, 'people'],
    queryFn: () => take(api.GET('/api/visits/{visit_id}/people', pathOf(visitId))),
  });

/** What the others in a call are called, by the id by which the call knows them. */
export type Names = Readonly<Record<string, string>>;

export type Verb = 'agree' | 'decline' | 'agreed-aloud' | 'admit' | 'revoke';

export function decide(visitId: string, guestId: string, verb: Verb): Promise<Guest> {
  const params = { path: { visit_id: visitId, guest_id: guestId } };
  const at = '/api/visits/{visit_id}/people/{guest_id}' as const;
  switch (verb) {
    case 'agree':
      return take(api.POST(`${at}/agree`, { params }));
    case 'decline':
      return take(api.POST(`${at}/decline`, { params }));
    case 'agreed-aloud':
      return take(api.POST(`${at}/agreed-aloud`, { params }));
    case 'admit':
      return take(api.POST(`${at}/admit`, { params }));
    case 'revoke':
      return take(api.POST(`${at}/revoke`, { params }));
  }
}

/** In the call at this moment. */
export const isInCall = (guest: Guest): boolean => guest.there.some(({ until }) => until === null);

/** Whoever was in the call, with the first and the last moment; `until` is null while they are. */
export function spans(guests: readonly Guest[]) {
  return guests.flatMap((guest) => {
    const first = guest.there[0];
    const last = guest.there.at(-1);
    if (!first || !last) return [];
    return [{ guest, from: first.since, until: isInCall(guest) ? null : last.until }];
  });
}
