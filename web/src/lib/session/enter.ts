import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useCallback } from 'react';
import { speakFor } from '@/lib/api/client';
import { safeNext } from '@/lib/routing/layouts';
import { homeOf, sessionQuery } from './session';

/** Goes in, once the server has signed this browser in: to where one wanted to go, or home. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return useCallback(async () => {
    const next = safeNext(new URLSearchParams(window.location.search).get('next'));
    // The clinic is public, and the page that signs in stands on it until the next one is there: without it, that
    // page would begin again and ask for what is used up.
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'clinic' });
    speakFor(null);
    const session = await queries.fetchQuery({ ...sessionQuery, staleTime: 0 });
    router.history.replace(session ? (next ?? homeOf(session)) : '/');
  }, [queries, router]);
}
