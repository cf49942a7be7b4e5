const CHANNEL = 'carethread-activity';
// 'input' is dictation, and keyboards on a screen that send no keys.
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'input', 'wheel', 'touchstart'] as const;
/** Often enough that no idle time-out in use is missed, rarely enough to cost nothing. */
const TELL_EVERY_MS = 60_000;

const MINUTE = 60_000;

/** How long a place counts as being there although nobody touches anything, since the last touch. */
export const AWAKE_FOR = {
  /** A call with somebody in it. Only the session's own end is nearer. */
  talking: Number.POSITIVE_INFINITY,
  /** A patient in the waiting room, at the door of the call, or in it alone. */
  waiting: 240 * MINUTE,
  /** An open visit on a desk or a phone: its encounter, its intake, a clinician alone in its call. */
  visit: 60 * MINUTE,
} as const;

interface Hold {
  awake: keyof typeof AWAKE_FOR;
  inCall: boolean;
}
const holds = new Set<Hold>();

/** Counts as being there, within AWAKE_FOR; `inCall` also moves the session's end. Returns a way to let go. */
export function holdAwake(awake: Hold['awake'], inCall = false): () => void {
  const hold = { awake, inCall };
  holds.add(hold);
  return () => void holds.delete(hold);
}

/** What a tab tells the others of its browser. */
interface Sign {
  touched: boolean;
  inCall: boolean;
}

/** Until when the session may live (`GET /api/session`), in ms since 1970; `afterCall` is a stretch. */
export interface Limits {
  end: number;
  inCallEnd: number;
  afterCall: number;
}

/**
 * Watches whether somebody is there, in any tab of this browser.
 *
 * The server moves a session's time-out with every request, also with those that a push causes on
 * a screen that nobody looks at. So the time-out is counted here, from what the person does, and
 * `onUse` tells the server about it now and then.
 */
export class Activity {
  /** Asked when a computer may have slept: no timer runs then. Before a touch, which would begin the time anew. */
  onWake?: () => void;
  lastUse = Date.now();
  private lastTouch = Date.now();
  private lastInCall = 0;
  private lastTold = Date.now();
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly stopping = new AbortController();

  constructor(private readonly onUse: () => void) {}

  start(): void {
    const { signal } = this.stopping;
    for (const sign of SIGNS_OF_LIFE) {
      window.addEventListener(sign, () => this.touched(), { signal, passive: true });
    }
    for (const sign of ['focus', 'pageshow', 'visibilitychange']) {
      window.addEventListener(sign, () => this.onWake?.(), { signal, capture: true });
    }
    this.channel.onmessage = ({ data }: MessageEvent<Sign>) => {
      const now = Date.now();
      this.lastUse = now;
      if (data.touched) this.lastTouch = now;
      if (data.inCall) this.lastInCall = now;
    };
  }

  stop(): void {
    this.stopping.abort();
    this.channel.close();
  }

  touched(now = Date.now()): void {
    this.onWake?.();
    if (this.stopping.signal.aborted) return;
    this.lastTouch = now;
    this.used(now, true);
  }

  /** Milliseconds since anybody did anything; none while something holds the session awake. */
  idleFor(now = Date.now()): number {
    const most = Math.max(0, ...[...holds].map(({ awake }) => AWAKE_FOR[awake]));
    if (now - this.lastTouch < most) this.used(now, false);
    return now - this.lastUse;
  }

  /** When the session ends whatever is done: a call keeps it for a while, as the server does. */
  endOf({ end, inCallEnd, afterCall }: Limits, now = Date.now()): number {
    if (isInCall()) this.lastInCall = now;
    return Math.max(end, Math.min(this.lastInCall + afterCall, inCallEnd));
  }

  private used(now: number, touched: boolean): void {
    this.lastUse = now;
    if (now - this.lastTold < TELL_EVERY_MS) return;
    this.lastTold = now;
    const sign: Sign = { touched, inCall: isInCall() };
    this.channel.postMessage(sign);
    this.onUse();
  }
}

const isInCall = (): boolean => [...holds].some(({ inCall }) => inCall);
