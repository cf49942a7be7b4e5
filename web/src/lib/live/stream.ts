/** One message of the live stream: ids only, never what they stand for. */
interface LiveMessage {
  seq: number;
  topic: string;
  ids: Readonly<Record<string, string>>;
}

/**
 * `live`: pushes arrive as they happen. `reconnecting`: the stream is being opened again and will
 * catch up. `offline`: this device has no network.
 */
export type LiveState = 'live' | 'reconnecting' | 'offline';
export type LiveHandler = (message: LiveMessage) => void;

/** Sent to every handler, whatever its topic, when what was missed can't be told message by message. */
const RESET = 'live.reset';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15_000;
const CHANNEL = 'carethread-live';

type ChannelMessage =
  | { kind: 'message'; message: LiveMessage }
  | { kind: 'state'; state: LiveState; seq: number }
  | { kind: 'hello' };

/**
 * The live stream of this browser.
 *
 * One tab holds the EventSource (browsers allow few connections to one host) and hands what it
 * hears to the others over a BroadcastChannel. The tab is chosen by a Web Lock, so when it closes
 * the next one takes over and resumes after the last message that it saw.
 */
export class LiveStream {
  private readonly handlers = new Map<string, Set<LiveHandler>>();
  private readonly stateListeners = new Set<() => void>();
  private readonly channel = new BroadcastChannel(CHANNEL);
  private readonly stopping = new AbortController();
  private source: EventSource | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private current: LiveState = navigator.onLine ? 'reconnecting' : 'offline';

  /** `lastSeq` is the number of the newest message when the page began to fetch what it shows; 0 if it is not known. */
  constructor(
    private readonly url: string,
    private lastSeq = 0,
  ) {}

  /** Opens the stream, or waits until the tab that holds it goes. */
  start(): void {
    const { signal } = this.stopping;
    this.channel.onmessage = ({ data }: MessageEvent<ChannelMessage>) => this.hear(data);
    window.addEventListener('online', () => this.reopen(), { signal });
    window.addEventListener('offline', () => this.setState('offline'), { signal });
    this.say({ kind: 'hello' });
    if (!navigator.locks) {
      // Only secure pages have locks; elsewhere each tab listens for itself.
      this.open();
      return;
    }
    navigator.locks
      .request(CHANNEL, { signal }, () => {
        this.open();
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      })
      .catch(() => undefined); // Stopped before its turn came.
  }

  stop(): void {
    this.stopping.abort();
    clearTimeout(this.timer);
    this.source?.close();
    this.source = null;
    this.channel.close();
  }

  on(topic: string, handler: LiveHandler): () => void {
    const handlers = this.handlers.get(topic) ?? new Set();
    this.handlers.set(topic, handlers.add(handler));
    return () => handlers.delete(handler);
  }

  readonly state = (): LiveState => this.current;

  readonly onState = (listener: () => void): (() => void) => {
    this.stateListeners.add(listener);
    return () => this.stateListeners.delete(listener);
  };

  private open(): void {
    this.source?.close();
    const after = this.lastSeq > 0 ? `?after=${this.lastSeq}` : '';
    const source = new EventSource(`${this.url}${after}`);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.setState('live');
    };
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const message = JSON.parse(data) as LiveMessage;
      this.deliver(message);
      this.say({ kind: 'message', message });
    };
    source.onerror = () => this.openLater();
  }

  /** The browser gives up for good on an HTTP error, so we always open anew, a little later. */
  private openLater(): void {
    this.source?.close();
    this.setState(navigator.onLine ? 'reconnecting' : 'offline');
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.open(), wait * (0.5 + Math.random() / 2));
  }

  private reopen(): void {
    if (!this.source) {
      this.setState('reconnecting');
      this.say({ kind: 'hello' });
      return;
    }
    this.failures = 0;
    clearTimeout(this.timer);
    this.setState('reconnecting');
    this.open();
  }

  private hear(data: ChannelMessage): void {
    if (data.kind === 'message') this.deliver(data.message);
    else if (data.kind === 'state') this.follow(data.state, data.seq);
    else if (this.source) this.sayState();
  }

  /** What the tab that holds the stream heard before this one listened is not said again: all may be out of date. */
  private follow(state: LiveState, seq: number): void {
    if (seq > this.lastSeq) this.deliver({ seq, topic: RESET, ids: {} });
    this.setState(state);
  }

  private sayState(): void {
    this.say({ kind: 'state', state: this.current, seq: this.lastSeq });
  }

  private deliver(message: LiveMessage): void {
    if (message.seq) this.lastSeq = Math.max(this.lastSeq, message.seq);
    const topics = message.topic === RESET ? [...this.handlers.keys()] : [message.topic, '*'];
    for (const topic of new Set(topics)) {
      for (const handler of this.handlers.get(topic) ?? []) handler(message);
    }
  }

  private setState(state: LiveState): void {
    if (state === this.current) return;
    this.current = state;
    for (const listener of this.stateListeners) listener();
    if (this.source) this.sayState();
  }

  private say(message: ChannelMessage): void {
    if (!this.stopping.signal.aborted) this.channel.postMessage(message);
  }
}
