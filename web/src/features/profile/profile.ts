import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import type { components } from '@/lib/api/schema';

export type Profile = components['schemas']['Profile'];

export const profileQuery = queryOptions({
  queryKey: ['profile'],
  queryFn: () => take(api.GET('/api/me')),
});

export const useProfile = () => useQuery(profileQuery);
