import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';

/**
 * The rules of red flags and what finds their words: the same for everybody, so one fetch serves the whole
 * visit to the app. The code comes beside the words, for it is of no use without them.
 */
export const redFlagsQuery = queryOptions({
  queryKey: ['red-flags'],
  queryFn: async () => {
    const [{ rules, words, numbers }, { finder }] = await Promise.all([
      take(api.GET('/api/intake/red-flags')),
      import('./mentions'),
    ]);
    return { rules, numbers, mentioned: finder(words) };
  },
  staleTime: Number.POSITIVE_INFINITY,
});
