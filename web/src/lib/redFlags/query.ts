import { queryOptions } from '@tanstack/react-query';
import { api, take } from '@/lib/api/client';
import { Lexicon, type Words } from './lexicon';

/** The rules and words of red flags: the same for everybody, so one fetch serves the whole visit to the app. */
export const redFlagsQuery = queryOptions({
  queryKey: ['red-flags'],
  queryFn: async () => {
    const { rules, words, numbers } = await take(api.GET('/api/intake/red-flags'));
    return { rules, numbers, lexicon: new Lexicon(words as Words) };
  },
  staleTime: Number.POSITIVE_INFINITY,
});
