import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

/** A colleague who signs nothing until a second person has confirmed a change to their account. */
export type Waiting = components['schemas']['ConfirmationOut'];

export const confirmationsQuery = queryOptions({
  queryKey: ['confirmations'],
  queryFn: () => take(api.GET('/api/confirmations')),
  staleTime: 60_000,
});
