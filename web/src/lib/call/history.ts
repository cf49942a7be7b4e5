import type { components } from '../api/schema';
import type { CallState } from './state.ts';
import type { Store } from './store.ts';
import { type Drop, Troubles } from './troubles.ts';
import { measured, type Sample } from './watching/measures.ts';
import type { Quality } from './watching/quality.ts';
import { type Reading, readingOf } from './watching/reading.ts';

export type Batch = components['schemas']['Batch'];
export type Reason = components['schemas']['FailureReason'];

/** What became of a batch: kept, to be sent again, or refused for good. */
export type Sent = 'kept' | 'later' | 'refused';

/** What is watched of a call. */
export interface Watched extends Pick<Store<CallState>, 'snapshot' | 'subscribe'> {
  readonly qualities: Pick<Store<Readonly<Record<string, Quality>>>, 'snapshot' | 'subscribe'>;
  reports(): Promise<readonly (readonly [string, RTCStatsReport])[]>;
}

interface Told {
  send: (batch: Batch) => Promise<Sent>;
  fail: (reason: Reason, attempt: string) => void;
}

export const SAMPLE_MS = 10_000;
export const SEND_MS = 30_000;
/** A sample out of turn, when it turns bad, comes at the earliest so long after the last. */
const SOONEST_MS = 4000;
/** Timers that are so late say that the page stood still. */
const SLEEP_NOTED_MS = 30_000;
/** So long in vain counts as failed. */
const IN_VAIN_MS = 30_000;
const MOST_SAMPLES = 60;
const MOST_DROPS = 20;
/** What is kept while the API is away: an hour of two people. The oldest go first. */
const KEPT = 360;

interface Note {
  readonly attempt: string;
  readonly sample?: Sample;
  readonly drop?: Drop;
}

/**
 * How a call goes, noted on this side of it: a sample of each other person every ten seconds, one more when it turns
 * bad, every drop with its cause, and what failed. Sent in batches; while the API is away
 * the page keeps the last 360 notes and drops older ones.
 */
export class CallHistory {
  private attempt = '';
  private began = 0;
  private notes: Note[] = [];
  private readonly before = new Map<string, Reading>();
  private troubles = new Troubles();
  private sampledAt = 0;
  private tickedAt = 0;
  private vainSince: number | null = null;
  private told = new Set<Reason>();
  private sending = false;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private resending: ReturnType<typeof setInterval> | undefined;
  private readonly stops: (() => void)[];

  constructor(
    private readonly call: Watched,
    private readonly to: Told,
    private readonly clock: () => number = Date.now,
  ) {
    this.stops = [
      () => this.rest(),
      call.subscribe(() => this.look()),
      call.qualities.subscribe(() => this.judge()),
    ];
  }

  /** Another attempt has begun: what comes from here on is told of it. */
  begin(attempt: string): void {
    if (attempt === this.attempt) return;
    this.note(this.troubles.end(this.now()));
    this.run();
    this.attempt = attempt;
    this.began = this.tickedAt = this.clock();
    this.told = new Set();
    this.vainSince = null;
    this.look();
    void this.sample();
  }

  /** The page goes away: what is noted is sent while there is time. */
  leave(): void {
    this.note(this.troubles.end(this.now()));
    if (this.notes.length === 0) return;
    // Nobody would be there any more to send it after what is on its way.
    const [batch, rest] = nextBatch(this.notes);
    this.notes = rest;
    void this.to.send(batch);
  }

  stop(): void {
    for (const stop of this.stops) stop();
    this.leave();
  }

  private run(): void {
    this.ticking ??= setInterval(() => this.tick(), SAMPLE_MS);
    this.resending ??= setInterval(() => void this.flush(), SEND_MS);
  }

  /** Nothing goes on after a call of which everything has been told. */
  private rest(): void {
    clearInterval(this.ticking);
    clearInterval(this.resending);
    this.ticking = undefined;
    this.resending = undefined;
  }

  private now(): number {
    return Math.max(0, this.clock() - this.began);
  }

  private note(drops: readonly Drop[]): void {
    for (const drop of drops) this.keep({ attempt: this.attempt, drop });
  }

  private keep(note: Note): void {
    this.notes.push(note);
    this.notes.splice(0, this.notes.length - KEPT);
  }

  private look(): void {
    if (!this.attempt) return;
    const state = this.call.snapshot();
    this.note(this.troubles.see(state, navigator.onLine, this.now()));
    if (Object.keys(state.peers).some((id) => !this.before.has(id))) void this.sample();
    this.failed(state);
    if (state.phase === 'over') void this.flush();
  }

  /** What keeps the person out, said once for each attempt. */
  private failed(state: CallState): void {
    const { ending, phase, peers } = state;
    if (ending === 'room_full' || ending === 'outdated') this.tell(ending);
    const links = Object.values(peers);
    const reason: Reason | null =
      phase === 'joining'
        ? 'no_signaling'
        : links.length > 0 && links.every(({ away, link }) => !away && link.phase === 'connecting')
          ? 'no_media'
          : null;
    if (reason === null || phase === 'over') this.vainSince = null;
    else {
      this.vainSince ??= this.clock();
      if (this.clock() - this.vainSince >= IN_VAIN_MS) this.tell(reason);
    }
  }

  private tell(reason: Reason): void {
    if (this.told.has(reason)) return;
    this.told.add(reason);
    this.to.fail(reason, this.attempt);
  }

  private tick(): void {
    if (!this.attempt) return;
    const late = this.clock() - this.tickedAt - SAMPLE_MS;
    if (late > SLEEP_NOTED_MS) {
      const at_ms = Math.max(0, this.tickedAt - this.began);
      this.note([{ at_ms, lasted_ms: late, cause: 'asleep', recovered: true }]);
    }
    this.tickedAt = this.clock();
    this.look();
    void this.sample();
  }

  /** It has turned bad: the moment itself is kept, not only what comes ten seconds later. */
  private judge(): void {
    const bad = Object.values(this.call.qualities.snapshot()).some(
      (quality) => quality === 'poor' || quality === 'none',
    );
    if (bad && this.clock() - this.sampledAt >= SOONEST_MS) void this.sample();
  }

  private async sample(): Promise<void> {
    this.sampledAt = this.clock();
    const { attempt } = this;
    const reports = await this.call.reports().catch(() => []);
    if (attempt !== this.attempt) return;
    const { peers } = this.call.snapshot();
    for (const [participant_id, report] of reports) {
      if (!(participant_id in peers)) continue;
      const now = readingOf(report, this.clock());
      const before = this.before.get(participant_id);
      this.before.set(participant_id, now);
      const found = before && measured(before, now);
      const at_ms = this.now();
      if (found) this.keep({ attempt, sample: { participant_id, at_ms, ...found } });
    }
  }

  /** Sends until nothing is left, or something keeps it. */
  private async flush(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      while (this.notes.length > 0) {
        const [batch, rest] = nextBatch(this.notes);
        const taken = this.notes.filter((note) => !rest.includes(note));
        this.notes = rest;
        const sent = await this.to.send(batch);
        if (sent !== 'later') continue;
        this.notes = [...taken, ...this.notes].slice(-KEPT);
        return;
      }
      if (this.call.snapshot().phase === 'over') this.rest();
    } finally {
      this.sending = false;
    }
  }
}

/** The oldest notes of one attempt that fit into a batch, and the rest. */
export function nextBatch(notes: readonly Note[]): [Batch, Note[]] {
  const attempt_id = notes[0]?.attempt ?? '';
  const samples: Sample[] = [];
  const drops: Drop[] = [];
  const rest: Note[] = [];
  for (const note of notes) {
    const { attempt, sample, drop } = note;
    if (attempt === attempt_id && sample && samples.length < MOST_SAMPLES) samples.push(sample);
    else if (attempt === attempt_id && drop && drops.length < MOST_DROPS) drops.push(drop);
    else rest.push(note);
  }
  return [{ attempt_id, samples, drops }, rest];
}
