import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { api, take } from '@/lib/api/client';
import type { ApiProblem } from '@/lib/api/problem';
import { conversationQuery, type Message } from './queries';

/** A message on its way: shown at once, and until the conversation itself has it. */
export interface Outgoing {
  clientId: string;
  body: string;
  problem: ApiProblem | null;
}

/**
 * Messages being sent into a thread. Each keeps its own id, so that trying again after a lost
 * answer can't send it twice. What failed stays on screen with its text.
 */
export function useOutgoing(threadId: string, received: readonly Message[]) {
  const client = useQueryClient();
  const [outgoing, setOutgoing] = useState<readonly Outgoing[]>([]);

  useEffect(() => {
    const there = new Set(received.map((message) => message.client_id));
    setOutgoing((now) => {
      const left = now.filter((each) => !there.has(each.clientId));
      return left.length === now.length ? now : left;
    });
  }, [received]);

  const fail = (clientId: string, problem: ApiProblem | null) =>
    setOutgoing((now) =>
      now.map((each) => (each.clientId === clientId ? { ...each, problem } : each)),
    );

  const post = async (clientId: string, body: string) => {
    try {
      await take(
        api.POST('/api/threads/{thread_id}/messages', {
          params: { path: { thread_id: threadId } },
          body: { client_id: clientId, body },
        }),
      );
      await client.invalidateQueries({ queryKey: conversationQuery(threadId).queryKey });
    } catch (error) {
      fail(clientId, error as ApiProblem);
    }
  };

  return {
    outgoing,
    send(body: string) {
      const clientId = crypto.randomUUID();
      setOutgoing((now) => [...now, { clientId, body, problem: null }]);
      void post(clientId, body);
    },
    retry({ clientId, body }: Outgoing) {
      fail(clientId, null);
      void post(clientId, body);
    },
    discard: ({ clientId }: Outgoing) =>
      setOutgoing((now) => now.filter((each) => each.clientId !== clientId)),
  };
}
