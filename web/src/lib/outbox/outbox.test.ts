import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { ASK_AFTER_MS, type Item, judge } from './item';
import { kindOf } from './kinds';
import { isMessage, isRedFlag, type Message, type RedFlagAnswer } from './messages';
import type { Outbox, Standing } from './outbox';
import { Device, type Disk, type Fate } from './testDevice';

const bodyOf = ({ letter }: Item) =>
  isMessage(letter) ? letter.body : isRedFlag(letter) ? letter.rule : '';
const message = (body: string, threadId = 'one'): Message => ({
  kind: 'message',
  threadId,
  about: '',
  body,
});

/** Takes each id once, as the API does, and remembers in what order. */
class Server {
  refuses = new Map<string, ApiProblem>();
  taken: Item[] = [];

  take(item: Item): string {
    const refusal = this.refuses.get(bodyOf(item));
    if (refusal) throw refusal;
    if (!this.taken.some(({ id }) => id === item.id)) this.taken.push(item);
    return item.id;
  }

  bodies(threadId: string): string[] {
    return this.taken
      .filter(({ letter }) => isMessage(letter) && letter.threadId === threadId)
      .map(bodyOf);
  }
}

const deviceOf = (server = new Server(), disk?: Disk, locks?: boolean) =>
  new Device(server, kindOf, disk, locks);

const standings = (tab: Outbox): [string, Standing][] =>
  tab.snapshot().map(({ item, standing }) => [bodyOf(item), standing]);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what a failed attempt says of a message', () => {
  it.each([
    [new ApiProblem(0, 'unreachable'), 'passes'],
    [new ApiProblem(408, 'request_too_slow'), 'passes'],
    [new ApiProblem(429, 'too_many_writes'), 'passes'],
    [new ApiProblem(500, 'internal'), 'passes'],
    [new ApiProblem(503, 'unavailable'), 'passes'],
    // The page of a proxy, or of a hotel's sign-in.
    [new ApiProblem(403, 'unexpected'), 'passes'],
    [new ApiProblem(404, 'unexpected'), 'passes'],
    [new ApiProblem(401, 'unexpected'), 'passes'],
    [new SyntaxError('no JSON'), 'passes'],
    [new DOMException('slow', 'TimeoutError'), 'passes'],
    [new ApiProblem(401, 'signed_out'), 'signed_out'],
    [new ApiProblem(403, 'not_permitted'), 'refused'],
    [new ApiProblem(404, 'not_found'), 'refused'],
    [new ApiProblem(409, 'thread_closed'), 'refused'],
    [new ApiProblem(413, 'request_too_large'), 'refused'],
    [new ApiProblem(422, 'invalid', [{ path: 'body', code: 'too_long' }]), 'refused'],
  ])('%s: %s', (error, outcome) => {
    expect(judge(error).outcome).toBe(outcome);
  });

  it('waits as long as the server asks for', () => {
    const error = new ApiProblem(429, 'too_many_writes', [], { retry_after: 20 });
    expect(judge(error)).toMatchObject({ waitMs: 20_000, reachable: true });
  });
});

describe('the outbox', () => {
  it('stores before it sends, and deletes once the server has it', async () => {
    const device = deviceOf();
    const tab = device.open();
    const adding = tab.add(message('It itches'));
    await vi.advanceTimersByTimeAsync(1);
    expect(standings(tab)).toEqual([['It itches', 'sending']]);
    expect(device.requests).toBe(0);
    await vi.advanceTimersByTimeAsync(100);
    const { first } = await adding;
    expect(await first).toMatchObject({ outcome: 'sent' });
    expect(device.server.bodies('one')).toEqual(['It itches']);
    expect(device.disk.rows).toEqual([]);
    expect(standings(tab)).toEqual([]);
  });

  it('says that it waits, and sends from another page when the API is back', async () => {
    const device = deviceOf();
    device.down = true;
    const tab = device.open();
    void tab.add(message('It itches'));
    await vi.advanceTimersByTimeAsync(200);
    expect(standings(tab)).toEqual([['It itches', 'waiting']]);
    device.close(tab);
    device.down = false;
    device.open();
    await vi.advanceTimersByTimeAsync(200);
    expect(device.server.bodies('one')).toEqual(['It itches']);
    expect(device.disk.rows).toEqual([]);
  });

  it('tries less and less often', async () => {
    const device = deviceOf();
    device.down = true;
    void device.open().add(message('It itches'));
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(device.requests).toBeGreaterThan(30);
    expect(device.requests).toBeLessThan(80);
  });

  it('gives an answer about a danger to the server however late, and behind nothing', async () => {
    const device = deviceOf();
    device.down = true;
    const tab = device.open();
    void tab.add(message('It itches'));
    void tab.add<RedFlagAnswer>({
      kind: 'red_flag',
      rule: 'chest_pain',
      yes: true,
      threadId: 'one',
    });
    await vi.advanceTimersByTimeAsync(ASK_AFTER_MS * 2);
    expect(standings(tab)).toEqual([
      ['It itches', 'old'],
      ['chest_pain', 'waiting'],
    ]);
    device.down = false;
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    expect(device.server.taken.map(bodyOf)).toEqual(['chest_pain']);
  });

  it('never sends again by itself what was refused, and lets nothing of its thread overtake', async () => {
    const device = deviceOf();
    device.server.refuses.set('first', new ApiProblem(409, 'thread_closed'));
    const tab = device.open();
    for (const body of ['first', 'second']) await sending(tab, body);
    await sending(tab, 'elsewhere', 'two');
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(device.server.bodies('two')).toEqual(['elsewhere']);
    expect(standings(tab)).toEqual([
      ['first', 'refused'],
      ['second', 'held'],
    ]);
    expect(tab.snapshot()[0]?.item.refused?.code).toBe('thread_closed');
    expect(device.requests).toBe(2);
  });

  it.each(['retry', 'discard'] as const)('goes on after %s', async (deed) => {
    const device = deviceOf();
    device.server.refuses.set('first', new ApiProblem(422, 'too_long'));
    const tab = device.open();
    for (const body of ['first', 'second']) await sending(tab, body);
    device.server.refuses.clear();
    void tab[deed](tab.snapshot()[0]?.item.id ?? '');
    await vi.advanceTimersByTimeAsync(500);
    const all = deed === 'retry' ? ['first', 'second'] : ['second'];
    expect(device.server.bodies('one')).toEqual(all);
    expect(standings(tab)).toEqual([]);
  });

  it('asks about what is old, also when it grew old on this page', async () => {
    const device = deviceOf();
    device.down = true;
    const tab = device.open();
    await sending(tab, 'Shall I take it tonight?');
    await vi.advanceTimersByTimeAsync(ASK_AFTER_MS + 60_000);
    device.down = false;
    await vi.advanceTimersByTimeAsync(600_000);
    expect(standings(tab)).toEqual([['Shall I take it tonight?', 'old']]);
    expect(device.server.taken).toEqual([]);
    void tab.retry(tab.snapshot()[0]?.item.id ?? '');
    await vi.advanceTimersByTimeAsync(500);
    expect(device.server.bodies('one')).toEqual(['Shall I take it tonight?']);
  });

  it('stops when nobody is signed in, and keeps everything', async () => {
    const device = deviceOf();
    device.server.refuses.set('mine', new ApiProblem(401, 'signed_out'));
    const tab = device.open();
    await sending(tab, 'mine');
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    expect(device.requests).toBe(1);
    expect(device.disk.rows).toHaveLength(1);
    device.server.refuses.clear();
    device.open();
    await vi.advanceTimersByTimeAsync(500);
    expect(device.server.bodies('one')).toEqual(['mine']);
  });

  it('does not send what the conversation shows to be there', async () => {
    const device = deviceOf();
    device.fates = ['answer is lost'];
    const tab = device.open();
    await sending(tab, 'It itches');
    expect(standings(tab)).toEqual([['It itches', 'waiting']]);
    void tab.received(new Set(device.server.taken.map(({ id }) => id)));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(standings(tab)).toEqual([]);
    expect(device.requests).toBe(1);
  });
});

async function sending(tab: Outbox, body: string, threadId = 'one'): Promise<void> {
  void tab.add(message(body, threadId));
  await vi.advanceTimersByTimeAsync(100);
}

type Step =
  | { do: 'write'; tab: number; thread: 'one' | 'two' }
  | { do: 'reload' | 'kill'; tab: number }
  | { do: 'open' | 'down' | 'up' }
  | { do: 'wait'; ms: number };

const tabNumber = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('write'),
      tab: tabNumber,
      thread: fc.constantFrom('one', 'two'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('reload', 'kill'), tab: tabNumber }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('open', 'down', 'up') }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('wait'), ms: fc.constantFrom(1, 4, 9, 30, 2_000) }),
  },
) as fc.Arbitrary<Step>;
const fate = fc.constantFrom<Fate>(
  'arrives',
  'arrives',
  'is lost',
  'answer is lost',
  'busy',
  'late',
);

describe.each([true, false])('with locks between tabs: %s', (locks) => {
  it('each message that was kept arrives exactly once, and in its order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 25 }),
        fc.array(fate, { maxLength: 25 }),
        async (steps, fates) => {
          const device = deviceOf(new Server(), undefined, locks);
          device.fates = fates;
          device.open();
          for (const [at, each] of steps.entries()) await perform(device, each, `${at}`);
          device.down = false;
          device.fates = [];
          // What a tab was writing to the disk when it was closed is there by now.
          await vi.advanceTimersByTimeAsync(10);
          device.open();
          await vi.advanceTimersByTimeAsync(600_000);
          for (const thread of ['one', 'two'] as const) {
            const kept = device.disk.kept.filter(
              ({ letter }) => isMessage(letter) && letter.threadId === thread,
            );
            expect(device.server.bodies(thread)).toEqual(kept.map(bodyOf));
          }
          expect(device.disk.rows).toEqual([]);
          for (const tab of device.tabs) expect(standings(tab)).toEqual([]);
          for (const tab of [...device.tabs]) device.close(tab);
        },
      ),
      { numRuns: 150, seed: 20_26 },
    );
  });
});

async function perform(device: Device<Server>, step: Step, body: string): Promise<void> {
  const tab = 'tab' in step ? device.tabs[step.tab % Math.max(device.tabs.length, 1)] : undefined;
  if (step.do === 'write') void tab?.add(message(body, step.thread));
  if (step.do === 'open' && device.tabs.length < 3) device.open();
  if (step.do === 'down' || step.do === 'up') device.down = step.do === 'down';
  if ((step.do === 'reload' || step.do === 'kill') && tab) device.close(tab);
  if (step.do === 'reload') device.open();
  if (step.do === 'wait') await vi.advanceTimersByTimeAsync(step.ms);
}
