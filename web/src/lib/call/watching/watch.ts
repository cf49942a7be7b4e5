import type { PeerLink } from '../peer.ts';
import { seenOf } from '../seen.ts';
import type { CallEvent, CallState } from '../state.ts';
import { AT_FIRST, climb, elsewhere, type Ladder, NO_PICTURE } from './ladder.ts';
import { pictureParameters, soundParameters } from './parameters.ts';
import { type Quality, qualityOf, type Steady, steadied, UNSTEADY } from './quality.ts';
import { type Reading, readingOf } from './reading.ts';

/** The call that is watched, as far as this has to do with it. */
export interface WatchedCall {
  readonly links: ReadonlyMap<string, PeerLink>;
  snapshot(): CallState;
  take(event: CallEvent): void;
  /** Tell everybody to whom no picture is sent for now. */
  pauseFor(peers: readonly string[]): void;
}

interface Seen {
  /** Only to know it again: a connection that has ended is not kept from being let go. */
  readonly link: WeakRef<PeerLink>;
  readonly reading: Reading;
  readonly quality: Quality;
  readonly steady: Steady;
  readonly ladder: Ladder;
}

/**
 * Looks once a second at each connection: says how well somebody arrives, notices silence and relays, and
 * lets the picture give way to the sound and come back. Loaded when the call runs.
 */
export class Watch {
  private seen = new Map<string, Seen>();
  /** What each sender was told last: most seconds change nothing. */
  private readonly told = new WeakMap<RTCRtpSender, string>();

  constructor(private readonly call: WatchedCall) {}

  /** The word for each connection. */
  async look(): Promise<Readonly<Record<string, Quality>>> {
    const words: Record<string, Quality> = {};
    const seen = new Map<string, Seen>();
    for (const [id, link] of this.call.links) {
      const reading = readingOf(await link.stats(), performance.now());
      // The link may be over by now.
      if (this.call.links.get(id) !== link) continue;
      const found = this.judge(id, link, reading);
      if (!found) continue;
      seen.set(id, found);
      words[id] = found.steady.shown;
    }
    this.seen = seen;
    const paused = [...seen].filter(([, { ladder }]) => ladder.rung === NO_PICTURE);
    this.call.pauseFor(paused.map(([id]) => id));
    return words;
  }

  private judge(id: string, link: PeerLink, reading: Reading): Seen | null {
    const state = this.call.snapshot();
    const peer = state.peers[id];
    if (!peer) return null;
    const before = this.seen.get(id);
    const last = before?.link.deref() === link ? before.reading : undefined;
    const quality = last ? qualityOf(last, reading, seenOf(state, peer.peer)) : 'unknown';
    const steady = steadied(before?.steady ?? UNSTEADY, quality);
    const moved = last?.path !== reading.path || peer.link.phase !== 'connected';
    if (last?.path !== reading.path)
      this.call.take({ type: 'path', peer: id, relayed: reading.path === 'relay' });
    if (quality === 'none' && before?.quality !== 'none')
      this.call.take({ type: 'silent', peer: id });
    const from = before?.ladder ?? AT_FIRST;
    const shown = state.media.camera && !state.media.voice_only && !peer.peer.media.voice_only;
    const ladder = moved || !last ? elsewhere(from) : climb(from, weatherOf(last, reading, shown));
    if (peer.link.phase === 'connected') this.steer(link, ladder, shown);
    return { link: new WeakRef(link), reading, quality, steady, ladder };
  }

  private steer(link: PeerLink, ladder: Ladder, shown: boolean): void {
    this.tell(link.sender('audio'), (now) => soundParameters(now, ladder));
    this.tell(link.sender('video'), (now) => pictureParameters(now, ladder, shown));
  }

  private tell(
    sender: RTCRtpSender | undefined,
    change: (now: RTCRtpSendParameters) => RTCRtpSendParameters,
  ): void {
    const wanted = sender && change(sender.getParameters());
    if (!wanted) return;
    const words = JSON.stringify([wanted.encodings, wanted.degradationPreference]);
    if (this.told.get(sender) === words) return;
    this.told.set(sender, words);
    // One that was changed by somebody else meanwhile is told again in a second.
    sender.setParameters(wanted).catch(() => this.told.delete(sender));
  }
}

function weatherOf(before: Reading, now: Reading, picture: boolean) {
  const seconds = (now.at - before.at) / 1000;
  const sent = ((now.bytesOut - before.bytesOut) * 8) / 1000 / seconds;
  return { ...now.sending, sent: seconds > 0 ? sent : null, picture };
}
