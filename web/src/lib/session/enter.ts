import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { safeNext } from '@/lib/routing/layouts';
import { homeOf, sessionQuery } from './session';

/** Goes in, once the server has signed this browser in: to where one wanted to go, or home. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(async () => {
    const next = safeNext(new URLSearchParams(window.location.search).get('next'));
    queries.clear();
    const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.replace(session ? (next ?? homeOf(session)) : '/');
  }, [queries, router]);
}
