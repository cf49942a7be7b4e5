import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';
import type { JoinGrant } from '@/lib/call/state';

/** A ticket for one join. A patient says where they are and how to call back; a clinician says nothing. */
export function joinVisit(
  visitId: string,
  whereabouts: components['schemas']['Join'] = {},
): Promise<JoinGrant> {
  const params = { path: { visit_id: visitId } };
  return take(api.POST('/api/visits/{visit_id}/join', { params, body: whereabouts }));
}
