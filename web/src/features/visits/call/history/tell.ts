import { api } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import type { Batch, Reason, Sent } from '@/lib/call/history';
import { pathOf } from '../../model';

/** A batch of a call's history, also from a page that is going away. */
export async function sendBatch(visitId: string, body: Batch): Promise<Sent> {
  try {
    await api.POST('/api/visits/{visit_id}/connection', {
      ...pathOf(visitId),
      body,
      keepalive: true,
    });
    return 'kept';
  } catch (error) {
    return error instanceof ApiProblem && !error.passes ? 'refused' : 'later';
  }
}

const AGAIN_MS = 20_000;
const MOST_TRIES = 15;

/** What kept somebody from the call. Most often it is the network, so it is said again until it arrives. */
export async function tellFailure(
  visitId: string,
  reason: Reason,
  attempt_id: string | null = null,
  tries = MOST_TRIES,
): Promise<void> {
  try {
    await api.POST('/api/visits/{visit_id}/connection/failures', {
      ...pathOf(visitId),
      body: { reason, attempt_id },
      keepalive: true,
    });
  } catch (error) {
    if (tries <= 1 || !(error instanceof ApiProblem && error.passes)) return;
    setTimeout(() => void tellFailure(visitId, reason, attempt_id, tries - 1), AGAIN_MS);
  }
}
