import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { api, onStepUp } from '@/lib/api/client';
import { ApiProblem } from '@/lib/api/problem';
import { sealer } from '@/lib/drafts/drafts';
import { deliver, sendAfterAll } from './deliver';
import { outbox } from './device';
import type { Letter } from './item';
import { declareKind, underId } from './kinds';

interface Signed extends Letter {
  kind: 'signed';
}
const SIGNED: Signed = { kind: 'signed' };
const answers: Response[] = [];
const asked = vi.fn(async () => true);
let stop: () => void;

const refusal = (status: number, code: string) => Response.json({ code }, { status });
const done = () => Response.json({ id: 'one' });

declareKind<Signed>({
  name: 'signed',
  changes: () => [],
  send: async ({ id }) =>
    (await api.POST('/api/tasks', { body: {} as never, ...underId(id) })).data,
});

beforeEach(() => {
  asked.mockClear();
  answers.length = 0;
  vi.spyOn(sealer, 'owner').mockResolvedValue(null);
  vi.spyOn(sealer, 'seal').mockResolvedValue(null);
  vi.stubGlobal('fetch', async () => answers.shift() ?? Promise.reject(new TypeError('away')));
  stop = onStepUp(asked);
});
afterEach(async () => {
  stop();
  for (const { item } of outbox.snapshot()) await outbox.discard(item.id);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('asks whoever pressed for the second factor, and goes on', async () => {
  answers.push(refusal(403, 'step_up_required'), done());
  expect(await deliver(SIGNED)).toEqual({ sent: true, answer: { id: 'one' } });
  expect(asked).toHaveBeenCalledOnce();
  expect(outbox.snapshot()).toEqual([]);
});

it('asks nobody for what is sent later by itself, shows the refusal, and asks whoever tries again', async () => {
  expect(await deliver(SIGNED)).toEqual({ sent: false });
  answers.push(refusal(403, 'step_up_required'));
  outbox.poke();
  await vi.waitFor(() => expect(outbox.snapshot()[0]?.standing).toBe('refused'));
  expect(asked).not.toHaveBeenCalled();
  answers.push(done());
  const { item } = outbox.snapshot()[0] as { item: { id: string } };
  await sendAfterAll(item.id, 'step_up_required');
  await vi.waitFor(() => expect(outbox.snapshot()).toEqual([]));
  expect(asked).toHaveBeenCalledOnce();
});

it('gives a refusal back to the form, with its fields, and keeps nothing', async () => {
  const fields = [{ path: 'due_at', code: 'in_the_past' }];
  answers.push(Response.json({ code: 'invalid', fields }, { status: 422 }));
  const problem = await deliver(SIGNED).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect((problem as ApiProblem).fields).toEqual(fields);
  expect(outbox.snapshot()).toEqual([]);
});
