import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Batch, CallHistory, type Reason, SAMPLE_MS, SEND_MS, type Sent } from './history.ts';
import { type CallState, newCall, type PeerState } from './state.ts';
import { Store } from './store.ts';
import type { Quality } from './watching/quality.ts';

class Box<T> extends Store<T> {
  put(value: T): void {
    this.publish(value);
  }
}

const PEER: PeerState = {
  peer: {
    participant_id: 'ruth',
    role: 'clinician',
    display: 'RA',
    instance: 'one',
    polite: true,
    media: { microphone: true, camera: true },
  },
  away: null,
  link: { connection: 1, phase: 'connected', tries: 0 },
};

/** A call whose connection counts evenly, and an API that takes what it is told. */
class FakeCall extends Box<CallState> {
  readonly qualities = new Box<Readonly<Record<string, Quality>>>({});
  readonly sent: Batch[] = [];
  readonly failed: Reason[] = [];
  answer: Sent = 'kept';
  lost = 0;

  constructor() {
    super({ ...newCall({ microphone: true, camera: true }), phase: 'in_call' });
  }

  reports = async () => [['ruth', this.report()] as const];

  private report(): RTCStatsReport {
    const seconds = Date.now() / 1000;
    const stat = {
      id: 'a',
      type: 'inbound-rtp',
      kind: 'audio',
      packetsReceived: Math.round(seconds * 50),
      packetsLost: this.lost,
      bytesReceived: Math.round(seconds * 5000),
    };
    return new Map([['a', stat]]) as unknown as RTCStatsReport;
  }

  change(changes: Partial<CallState>): void {
    this.put({ ...this.snapshot(), ...changes });
  }

  link(phase: PeerState['link']['phase']): void {
    this.change({ peers: { ruth: { ...PEER, link: { ...PEER.link, phase } } } });
  }

  readonly history = new CallHistory(this, {
    send: async (batch) => {
      if (this.answer !== 'later') this.sent.push(batch);
      return this.answer;
    },
    fail: (reason) => this.failed.push(reason),
  });

  get samples() {
    return this.sent.flatMap(({ samples = [] }) => samples);
  }

  get drops() {
    return this.sent.flatMap(({ drops = [] }) => drops);
  }
}

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

let call: FakeCall;
beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
  call = new FakeCall();
  call.history.begin('first');
  call.link('connected');
});
afterEach(() => {
  call.history.stop();
  vi.useRealTimers();
});

describe('a call that goes well', () => {
  it('is told by one sample each ten seconds, three at a time', async () => {
    await pass(SEND_MS * 2);
    expect(call.sent.map(({ samples }) => samples?.length)).toEqual([3, 3]);
    expect(call.samples.map(({ at_ms }) => at_ms)).toEqual(
      [1, 2, 3, 4, 5, 6].map((count) => count * SAMPLE_MS),
    );
    expect(call.samples[0]).toMatchObject({ participant_id: 'ruth', loss: 0, received_kbps: 40 });
    expect(call.drops).toEqual([]);
  });

  it('is told to the end, also when the page is closed between two batches', async () => {
    await pass(SAMPLE_MS * 2);
    expect(call.sent).toEqual([]);
    call.history.leave();
    expect(call.samples).toHaveLength(2);
  });
});

describe('a call that turns bad', () => {
  it('is sampled at that moment, and not again at each flicker of the word', async () => {
    await pass(SAMPLE_MS + 5000);
    call.lost = 40;
    call.qualities.put({ ruth: 'poor' });
    await pass(1000);
    call.qualities.put({ ruth: 'fair' });
    call.qualities.put({ ruth: 'poor' });
    await pass(SEND_MS - SAMPLE_MS - 6000);
    expect(call.samples.map(({ at_ms }) => at_ms)).toEqual([10_000, 15_000, 20_000, 30_000]);
    expect(call.samples[1]?.loss).toBeGreaterThan(0.1);
  });

  it('names what was lost, for how long, and that it came back', async () => {
    await pass(3000);
    call.link('lost');
    await pass(2500);
    call.link('connected');
    call.change({ phase: 'reconnecting' });
    await pass(4000);
    call.change({ phase: 'in_call' });
    call.history.leave();
    expect(call.drops).toEqual([
      { at_ms: 3000, lasted_ms: 2500, cause: 'media', recovered: true },
      { at_ms: 5500, lasted_ms: 4000, cause: 'signaling', recovered: true },
    ]);
  });

  it('says of a device without a network that it was that', async () => {
    const online = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
    call.change({ phase: 'reconnecting' });
    await pass(4000);
    online.mockRestore();
    call.change({ phase: 'in_call' });
    call.history.leave();
    expect(call.drops).toMatchObject([{ cause: 'offline', recovered: true }]);
  });

  it('says of what never came back that it did not', async () => {
    call.change({ peers: { ruth: { ...PEER, away: { since: 0, until: 9 } } } });
    await pass(5000);
    call.change({ peers: {} });
    call.link('lost');
    call.history.leave();
    expect(call.drops).toMatchObject([
      { cause: 'other_away', lasted_ms: 5000, recovered: false },
      { cause: 'media', recovered: false },
    ]);
  });

  it('notices that the page stood still', async () => {
    await pass(SAMPLE_MS);
    vi.setSystemTime(Date.now() + 120_000);
    await pass(SAMPLE_MS);
    call.history.leave();
    expect(call.drops).toEqual([
      { at_ms: 10_000, lasted_ms: 120_000, cause: 'asleep', recovered: true },
    ]);
  });
});

describe('an API that is away', () => {
  it('is told later, in order, and once', async () => {
    call.answer = 'later';
    await pass(SEND_MS * 4);
    expect(call.samples).toEqual([]);
    call.answer = 'kept';
    await pass(SEND_MS);
    const told = call.samples.map(({ at_ms }) => at_ms);
    expect(told).toHaveLength(15);
    expect(told).toEqual([...new Set(told)].toSorted((a, b) => a - b));
  });

  it('costs the oldest after an hour, and never more than a batch at once', async () => {
    call.answer = 'later';
    await pass(SAMPLE_MS * 400);
    call.answer = 'kept';
    await pass(SEND_MS);
    expect(call.samples).toHaveLength(360);
    expect(call.samples[0]?.at_ms).toBe(SAMPLE_MS * 43);
    expect(Math.max(...call.sent.map(({ samples }) => samples?.length ?? 0))).toBe(60);
  });

  it('that refuses a batch is not asked again with it', async () => {
    call.answer = 'refused';
    await pass(SEND_MS * 2);
    expect(call.sent.map(({ samples }) => samples?.[0]?.at_ms)).toEqual([10_000, 40_000]);
  });
});

describe('another attempt of the same page', () => {
  it('has its own history, whose time begins anew', async () => {
    await pass(SAMPLE_MS * 2);
    call.history.begin('second');
    await pass(SEND_MS);
    expect(new Set(call.sent.map(({ attempt_id }) => attempt_id))).toEqual(
      new Set(['first', 'second']),
    );
    const second = call.sent.filter(({ attempt_id }) => attempt_id === 'second');
    expect(second.flatMap(({ samples = [] }) => samples)[0]?.at_ms).toBe(SAMPLE_MS);
  });
});

describe('what fails', () => {
  it('is said once: no way to the other, no way to signaling, a full room', async () => {
    call.link('connecting');
    await pass(60_000);
    call.change({ phase: 'joining', peers: {} });
    await pass(60_000);
    call.change({ phase: 'over', ending: 'room_full' });
    await pass(60_000);
    expect(call.failed).toEqual(['no_media', 'no_signaling', 'room_full']);
  });

  it('is not said of who waits alone, nor while the other is away', async () => {
    call.change({ peers: {} });
    await pass(60_000);
    const link = { ...PEER.link, phase: 'connecting' as const };
    call.change({ peers: { ruth: { ...PEER, link, away: { since: 0, until: 9e9 } } } });
    await pass(60_000);
    expect(call.failed).toEqual([]);
  });
});
