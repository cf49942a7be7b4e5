import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it } from 'vitest';
import { type ActionInit, useAction } from './action';
import { ApiProblem } from './problem';

type Answer = 'done' | ApiProblem;

/** An action whose answers are given in order; says with which keys it was asked. */
function setUp(...answers: Answer[]) {
  const keys: string[] = [];
  const run = async (_variables: string, init: ActionInit) => {
    keys.push(init.headers['Idempotency-Key']);
    const answer = answers.shift() ?? 'done';
    if (answer instanceof ApiProblem) throw answer;
    return answer;
  };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>
  );
  const { result } = renderHook(() => useAction({ run }), { wrapper });
  const press = async (variables = 'same') => {
    act(() => result.current.mutate(variables));
    await waitFor(() => expect(result.current.isPending).toBe(false));
  };
  return { keys, press };
}

describe('useAction', () => {
  it('uses a new key for each press that got a definite answer', async () => {
    const { keys, press } = setUp('done', 'done');
    await press();
    await press();
    expect(new Set(keys).size).toBe(2);
  });

  it('keeps the key while nobody can tell whether it took effect', async () => {
    const { keys, press } = setUp(new ApiProblem(502, 'unexpected'), 'done');
    await press();
    await press();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('takes a new key when something else is asked for', async () => {
    const { keys, press } = setUp(new ApiProblem(503, 'unavailable'), 'done');
    await press('one');
    await press('two');
    expect(new Set(keys).size).toBe(2);
  });

  it('takes a new key after a refusal', async () => {
    const { keys, press } = setUp(new ApiProblem(422, 'invalid'), 'done');
    await press();
    await press();
    expect(new Set(keys).size).toBe(2);
  });
});
