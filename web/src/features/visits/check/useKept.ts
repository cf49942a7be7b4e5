import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, take } from '@/lib/api/client';
import type { Facts } from '@/lib/check/verdict';
import { pathOf, waitingQuery } from '../model';

/** Whoever has not said yet whether they heard the sound is given this long before the rest is kept. */
const ANSWER_MS = 15_000;
/** What changes within a moment is one finding. */
const SETTLE_MS = 600;
const AGAIN_MS = 4000;

/** Has the clinic keep what was found, and what changes of it later. Whether it has the newest. */
export function useKept(visitId: string, facts: Facts | null): boolean {
  const client = useQueryClient();
  const [kept, setKept] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const found = facts && JSON.stringify(facts);

  // biome-ignore lint/correctness/useExhaustiveDependencies: tried again when a try failed
  useEffect(() => {
    if (!found || found === kept) return;
    const body = JSON.parse(found) as Facts;
    let over = false;
    const keep = async () => {
      try {
        const check = await take(
          api.POST('/api/visits/{visit_id}/check', { ...pathOf(visitId), body }),
        );
        client.setQueryData(
          waitingQuery(visitId).queryKey,
          (known) => known && { ...known, check },
        );
        if (!over) setKept(found);
      } catch {
        timer = setTimeout(() => over || setTries((before) => before + 1), AGAIN_MS);
      }
    };
    const wait = body.speaker === 'unsaid' && kept === null ? ANSWER_MS : SETTLE_MS;
    let timer = setTimeout(() => void keep(), wait);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [client, visitId, found, kept, tries]);

  return found !== null && found === kept;
}
