const CHANNEL = 'carethread-activity';
const SIGNS_OF_LIFE = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
/** Often enough that no idle time-out in use is missed, rarely enough to cost nothing. */
const TELL_EVERY_MS = 60_000;

let holds = 0;

/**
 * Something that counts as being there although nobody touches anything: a call with somebody in it,
 * the waiting room. Returns a way to let go.
 */
export function holdAwake(): () => void {
  holds += 1;
  let held = true;
  return () => {
    if (held) holds -= 1;
    held = false;
  };
}

/**
 * Watches whether somebody is there, in any tab of this browser.
 *
 * The server moves a session's time-out with every request, also with those that a push causes on
 * a screen that nobody looks at. So the time-out is counted here, from what the person does, and
 * `onUse` tells the server about it now and then.
 */
export class Activity {
  lastUse = Date.now();
  private lastTold = Date.now();
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly stopping = new AbortController();

  constructor(private readonly onUse: () => void) {}

  start(): void {
    const { signal } = this.stopping;
    for (const sign of SIGNS_OF_LIFE) {
      window.addEventListener(sign, () => this.used(), { signal, passive: true });
    }
    this.channel.onmessage = () => {
      this.lastUse = Date.now();
    };
  }

  stop(): void {
    this.stopping.abort();
    this.channel.close();
  }

  /** Milliseconds since anybody did anything; none while something holds the session awake. */
  idleFor(now = Date.now()): number {
    if (holds > 0) this.used(now);
    return now - this.lastUse;
  }

  used(now = Date.now()): void {
    this.lastUse = now;
    if (now - this.lastTold < TELL_EVERY_MS) return;
    this.lastTold = now;
    this.channel.postMessage(null);
    this.onUse();
  }
}
