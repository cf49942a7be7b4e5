import type { components } from '../api/schema';
import { readingOf } from '../call/watching/reading.ts';
import { rateOf, timingOf } from './figures.ts';
import type { Facts } from './verdict.ts';

type Ticket = components['schemas']['ProbeOut'];
export type NetworkFacts = Omit<Facts, 'camera' | 'microphone' | 'speaker'>;
/** What is being measured now. */
export type Step = 'path' | 'echo' | 'up' | 'down';

/** The messages of docs/signaling.md, "The probe". */
type Said =
  | { type: 'answer'; sdp: string }
  | { type: 'tallied'; bytes: number; messages: number; ms: number }
  | { type: 'sent'; bytes: number; messages: number };

const ECHO = 1;
const BULK = 2;
/** As much and as often as speech. */
const ECHO_BYTES = 120;
const ECHO_EVERY_MS = 20;
const ECHO_MS = 3500;
/** For what is late: later than this, speech is lost. */
const LATE_MS = 700;
const BULK_BYTES = 1100;
const BULK_MS = 2500;
const BULK_KBPS = 4000;
const SETTLE_MS = 400;
/** What waits on this device while sending: more would be a queue of our own making. */
const MOST_BEHIND = 32 * 1024;

const GATHER_MS = 2500;
const SOCKET_MS = 6000;
const ANSWER_MS = 10_000;
const PATH_MS = 10_000;

/**
 * Measures this browser's network against the clinic's own peer, in some twelve seconds. `begin` gets the ticket. Where
 * our side is not there for us, nothing is held against the network: it is `unmeasured`.
 */
export async function measureNetwork(
  begin: () => Promise<Ticket>,
  { signal, tell }: { signal: AbortSignal; tell: (step: Step) => void },
): Promise<NetworkFacts> {
  tell('path');
  let open: Open | null = null;
  try {
    open = new Open(await begin(), signal);
    await open.answer();
  } catch {
    open?.close();
    return { network: 'unmeasured' };
  }
  try {
    if (!(await open.connected())) return { network: 'no_path' };
    return await measured(open, tell);
  } finally {
    open.close();
  }
}

async function measured(open: Open, tell: (step: Step) => void): Promise<NetworkFacts> {
  tell('echo');
  const timing = await open.echoes();
  tell('up');
  const up_kbps = await open.up().catch(() => null);
  tell('down');
  const down_kbps = await open.down().catch(() => null);
  return { network: 'found', ...(await open.way()), ...timing, up_kbps, down_kbps };
}

/** One connection to the peer, and the socket that lends it. */
class Open {
  private readonly pc: RTCPeerConnection;
  private readonly channel: RTCDataChannel;
  private socket: WebSocket | null = null;
  private readonly back = new Map<number, number>();
  private bulk = { bytes: 0, first: 0, last: 0 };

  constructor(
    private readonly ticket: Ticket,
    private readonly signal: AbortSignal,
  ) {
    this.pc = new RTCPeerConnection({ iceServers: ticket.ice_servers as RTCIceServer[] });
    this.channel = this.pc.createDataChannel('probe', { ordered: false, maxRetransmits: 0 });
    this.channel.binaryType = 'arraybuffer';
    this.channel.onmessage = ({ data }) => this.take(new DataView(data as ArrayBuffer));
  }

  /** Offer, and take the answer. Throws where our peer does not give one. */
  async answer(): Promise<void> {
    await this.pc.setLocalDescription();
    await this.gathered();
    const socket = new WebSocket(this.ticket.probe_url);
    this.socket = socket;
    await within(SOCKET_MS, this.signal, (done, fail) => {
      socket.onopen = () => done();
      socket.onclose = fail;
    });
    const said = await this.ask(ANSWER_MS, {
      type: 'start',
      version: 1,
      ticket: this.ticket.ticket,
      sdp: this.pc.localDescription?.sdp ?? '',
    });
    if (said.type !== 'answer') throw new Error('no answer');
    await this.pc.setRemoteDescription({ type: 'answer', sdp: said.sdp });
  }

  /** Whether a path came about. */
  async connected(): Promise<boolean> {
    const { channel, pc } = this;
    if (channel.readyState === 'open') return true;
    try {
      await within(PATH_MS, this.signal, (done, fail) => {
        channel.onopen = () => done();
        pc.onconnectionstatechange = () => pc.connectionState === 'failed' && fail();
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Messages as speech would send them, and what came back of them. */
  async echoes() {
    const sent: number[] = [];
    const began = performance.now();
    for (let now = began; now - began < ECHO_MS; now = performance.now()) {
      const due = Math.floor((now - began) / ECHO_EVERY_MS) + 1;
      while (sent.length < due && this.channel.readyState === 'open') {
        const message = new DataView(new ArrayBuffer(ECHO_BYTES));
        message.setUint8(0, ECHO);
        message.setUint32(1, sent.length);
        sent.push(performance.now());
        this.channel.send(message.buffer);
      }
      await pause(ECHO_EVERY_MS, this.signal);
    }
    await pause(LATE_MS, this.signal);
    return timingOf({ sent, back: this.back });
  }

  /** What our peer counts of as much as goes up. */
  async up(): Promise<number | null> {
    const { channel } = this;
    const message = new Uint8Array(BULK_BYTES);
    message[0] = BULK;
    const began = performance.now();
    let sent = 0;
    let skipped = 0;
    for (let passed = 0; passed < BULK_MS; passed = performance.now() - began) {
      const due = Math.floor((passed * BULK_KBPS) / 8 / BULK_BYTES);
      // What the path did not take in time is not made up for: that would be a burst.
      skipped = Math.max(skipped, due - sent - 16);
      while (
        sent + skipped < due &&
        channel.readyState === 'open' &&
        channel.bufferedAmount < MOST_BEHIND
      ) {
        channel.send(message);
        sent += 1;
      }
      await pause(10, this.signal);
    }
    await pause(SETTLE_MS, this.signal);
    const told = await this.ask(ANSWER_MS, { type: 'tally' });
    return told.type === 'tallied'
      ? rateOf(told.bytes, Math.max(told.ms, told.bytes ? 1 : 0))
      : null;
  }

  /** What comes down of as much as our peer sends. */
  async down(): Promise<number | null> {
    this.bulk = { bytes: 0, first: 0, last: 0 };
    const told = await this.ask(3 * ANSWER_MS, { type: 'send', kbps: BULK_KBPS, ms: BULK_MS });
    await pause(SETTLE_MS, this.signal);
    const { bytes, first, last } = this.bulk;
    if (told.type !== 'sent' || told.messages === 0) return null;
    return bytes === 0 ? 0 : rateOf(bytes, Math.max(1, last - first));
  }

  async way(): Promise<Pick<NetworkFacts, 'path' | 'transport'>> {
    const { path, transport } = readingOf(await this.pc.getStats(), 0);
    return { path: path ?? null, transport: transport ?? null };
  }

  close(): void {
    this.channel.onmessage = null;
    this.pc.onconnectionstatechange = null;
    this.pc.close();
    if (this.socket) this.socket.onclose = null;
    this.socket?.close();
  }

  private take(message: DataView): void {
    const now = performance.now();
    if (message.byteLength >= 5 && message.getUint8(0) === ECHO) {
      const number = message.getUint32(1);
      if (!this.back.has(number)) this.back.set(number, now);
      return;
    }
    if (this.bulk.bytes === 0) this.bulk.first = now;
    this.bulk.last = now;
    this.bulk.bytes += message.byteLength;
  }

  /** All addresses, or those that were found in time: a server that does not answer must not hold up the rest. */
  private async gathered(): Promise<void> {
    const { pc } = this;
    if (pc.iceGatheringState === 'complete') return;
    await within(GATHER_MS, this.signal, (done) => {
      pc.onicegatheringstatechange = () => pc.iceGatheringState === 'complete' && done();
    }).catch(() => undefined);
  }

  private ask(ms: number, command: object): Promise<Said> {
    const { socket } = this;
    return within<Said>(ms, this.signal, (done, fail) => {
      if (socket?.readyState !== WebSocket.OPEN) return fail();
      socket.onmessage = ({ data }) => done(JSON.parse(String(data)) as Said);
      socket.onclose = fail;
      socket.send(JSON.stringify(command));
    });
  }
}

/** Resolves when `start` calls `done`. Rejects after so many ms, when it calls `fail`, or when all is called off. */
function within<T = void>(
  ms: number,
  signal: AbortSignal,
  start: (done: (value: T) => void, fail: () => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = () => {
      clearTimeout(timer);
      reject(new Error('not in time'));
    };
    const timer = setTimeout(fail, ms);
    if (signal.aborted) return fail();
    signal.addEventListener('abort', fail, { once: true });
    start((value) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', fail);
      resolve(value);
    }, fail);
  });
}

const pause = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    if (signal.aborted) return reject(new Error('called off'));
    setTimeout(resolve, ms);
  });
