import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiProblem } from '@/lib/api/problem';
import { type Item, SEND_WITHIN_MS } from '@/lib/outbox/item';
import { kindOf, underId } from '@/lib/outbox/kinds';
import type { Outbox } from '@/lib/outbox/outbox';
import { Device, type Fate } from '@/lib/outbox/testDevice';
import type { TaskDetail } from '../queries';
import type { TaskLetter } from './kinds';
import './kinds';

/** One task on a server that gives the same answer to the same key, and refuses what was done to an older version. */
class Server {
  version = 1;
  /** Whose each change was: an item's id, or somebody else's. */
  changes: string[] = [];
  private readonly answers = new Map<string, TaskDetail>();

  take({ id, letter }: Item): TaskDetail {
    const earlier = this.answers.get(id);
    if (earlier) return earlier;
    const { deed, version } = letter as TaskLetter;
    if (deed !== 'outreach' && version !== this.version)
      throw new ApiProblem(409, 'task_changed', [], { version: this.version });
    this.change(id);
    const answer = { task: { version: this.version } } as TaskDetail;
    this.answers.set(id, answer);
    return answer;
  }

  change(whose: string): void {
    this.version += 1;
    this.changes.push(whose);
  }
}

/** A device on which `seen` is the version that its screen shows. */
class Desk {
  readonly device: Device<Server>;
  seen = 1;
  /** How many changes the task had when each deed's author looked at it. */
  readonly knew = new Map<string, number>();

  constructor(locks: boolean) {
    this.device = new Device(new Server(), kindOf, undefined, locks);
    this.device.open();
  }

  press(tab: Outbox | undefined, name: string, letter = assign): void {
    const { seen } = this;
    void tab?.add(letter(name, seen)).then(({ id }) => this.knew.set(id, seen - 1));
  }

  look(): void {
    if (!this.device.down) this.seen = this.device.server.version;
  }
}

const assign = (assigneeName: string, version = 1): TaskLetter => ({
  kind: 'task',
  taskId: 'one',
  deed: 'assign',
  assigneeId: assigneeName,
  assigneeName,
  version,
  title: 'Call',
  patientName: 'Ada',
});

/** An attempt to reach the patient is written down whatever became of the task. */
const outreach = (note: string, version = 1): TaskLetter => ({
  ...assign(note, version),
  deed: 'outreach',
  attempt: { channel: 'phone', outcome: 'reached', note },
  again: 'never',
});

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('what is done to a task', () => {
  it('goes out in order, each counting on the one before', async () => {
    const desk = new Desk(true);
    const { device } = desk;
    device.down = true;
    for (const name of ['Kim', 'Sam', 'Lee']) desk.press(device.tabs[0], name);
    await vi.advanceTimersByTimeAsync(200);
    device.down = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(device.disk.rows).toEqual([]);
    expect(device.server.version).toBe(4);
    expect(device.server.changes).toEqual(device.disk.kept.map(({ id }) => id));
  });

  it('is refused, and told, when somebody else was there in between', async () => {
    const desk = new Desk(true);
    const { device } = desk;
    device.down = true;
    for (const name of ['Kim', 'Sam']) desk.press(device.tabs[0], name);
    await vi.advanceTimersByTimeAsync(200);
    device.server.change('somebody else');
    device.down = false;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(device.server.changes).toEqual(['somebody else']);
    expect(device.tabs[0]?.snapshot().map(({ standing }) => standing)).toEqual(['refused', 'held']);
  });

  it('is never sent once the server may have forgotten its key, whatever is pressed', async () => {
    const desk = new Desk(true);
    const { device } = desk;
    device.fates = ['answer is lost'];
    desk.press(device.tabs[0], 'Kim');
    await vi.advanceTimersByTimeAsync(100);
    device.down = true;
    await vi.advanceTimersByTimeAsync(SEND_WITHIN_MS + 120_000);
    device.down = false;
    const [entry] = device.tabs[0]?.snapshot() ?? [];
    void device.tabs[0]?.retry(entry?.item.id ?? '');
    await vi.advanceTimersByTimeAsync(120_000);
    expect(device.tabs[0]?.snapshot().map(({ standing }) => standing)).toEqual(['lapsed']);
    expect(device.server.changes).toHaveLength(1);
  });

  it('is given to the server under its own key, and asks nobody for the second factor', () => {
    expect(underId('an-id')).toMatchObject({
      headers: { 'Idempotency-Key': 'an-id' },
      byItself: true,
    });
  });
});

type Step =
  | { do: 'assign' | 'outreach' | 'close'; tab: number }
  | { do: Simple }
  | { do: 'wait'; ms: number };
type Simple = 'open' | 'down' | 'up' | 'look' | 'somebody else';
const tab = fc.nat({ max: 2 });
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constantFrom('assign', 'assign', 'outreach'), tab }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('close' as const), tab }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom<Simple>('open', 'down', 'up', 'look', 'look', 'somebody else'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, 4, 9, 30, 2_000),
    }),
  },
) satisfies fc.Arbitrary<Step>;
const fate = fc.constantFrom<Fate>(
  'arrives',
  'arrives',
  'is lost',
  'answer is lost',
  'busy',
  'late',
);

describe.each([true, false])('with locks between tabs: %s', (locks) => {
  it('each deed is done exactly once or refused in sight, and never over what its author did not know', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 30 }),
        fc.array(fate, { maxLength: 30 }),
        async (steps, fates) => {
          const desk = new Desk(locks);
          desk.device.fates = fates;
          for (const [at, each] of steps.entries()) await perform(desk, each, `${at}`);
          await settle(desk);
          const { server, disk, tabs } = desk.device;
          for (const { id, letter } of disk.kept) {
            const done = server.changes.filter((whose) => whose === id);
            const standing = tabs[0]?.snapshot().find(({ item }) => item.id === id)?.standing;
            expect([done.length, standing]).toEqual(
              done.length === 1 ? [1, undefined] : [0, expect.stringMatching(/refused|held/)],
            );
            const since = server.changes.slice(desk.knew.get(id), server.changes.indexOf(id));
            if (done.length === 1 && (letter as TaskLetter).deed === 'assign')
              expect(since).not.toContain('somebody else');
          }
          for (const each of [...tabs]) desk.device.close(each);
        },
      ),
      { numRuns: 200, seed: 20_26 },
    );
  });
});

async function perform(desk: Desk, each: Step, name: string): Promise<void> {
  const { device } = desk;
  const on = 'tab' in each ? device.tabs[each.tab % Math.max(device.tabs.length, 1)] : undefined;
  if (each.do === 'assign') desk.press(on, name);
  if (each.do === 'outreach') desk.press(on, name, outreach);
  if (each.do === 'close' && on) device.close(on);
  if (each.do === 'open' && device.tabs.length < 3) device.open();
  if (each.do === 'down' || each.do === 'up') device.down = each.do === 'down';
  if (each.do === 'look') desk.look();
  if (each.do === 'somebody else') device.server.change('somebody else');
  if (each.do === 'wait') await vi.advanceTimersByTimeAsync(each.ms);
}

async function settle({ device }: Desk): Promise<void> {
  device.down = false;
  device.fates = [];
  await vi.advanceTimersByTimeAsync(10);
  device.open();
  await vi.advanceTimersByTimeAsync(600_000);
}
