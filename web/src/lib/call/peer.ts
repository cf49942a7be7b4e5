import type { IceCandidate } from './protocol.ts';

export type Kind = 'audio' | 'video';
export type LocalTracks = Readonly<Record<Kind, MediaStreamTrack | null>>;

interface LinkOptions {
  readonly iceServers: RTCIceServer[];
  /** This side makes the first offer. */
  readonly offers: boolean;
  /** This side gives way when both offer at once. */
  readonly polite: boolean;
  readonly local: LocalTracks;
  readonly remote: MediaStream;
  readonly describe: (description: { kind: 'offer' | 'answer'; sdp: string }) => void;
  readonly found: (candidate: IceCandidate) => void;
  readonly changed: (state: RTCPeerConnectionState) => void;
}

/**
 * One direct connection to one other page, by the W3C's 'perfect negotiation' (WebRTC, 10.7).
 *
 * Audio and video each have one transceiver from the start, with or without a track, so that muting,
 * changing devices and switching the camera need no negotiation. When both sides begin with an offer
 * at once, the polite one begins again as the one who answers; later collisions are rolled back.
 */
export class PeerLink {
  private pc: RTCPeerConnection;
  private local: LocalTracks;
  private makingOffer = false;
  private ignoring = false;
  private settingAnswer = false;
  private ended = false;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: LinkOptions) {
    this.local = options.local;
    this.pc = this.begin();
    if (options.offers) this.addTransceivers();
  }

  /** Find a new path between the two, over whatever network there is now. */
  restart(): void {
    this.pc.restartIce();
  }

  /** Send another track, or none, from now on. */
  async send(kind: Kind, track: MediaStreamTrack | null): Promise<void> {
    this.local = { ...this.local, [kind]: track };
    await this.sender(kind)?.replaceTrack(track);
  }

  /** An offer or answer of the other side. */
  describe(description: { type: 'offer' | 'answer'; sdp: string }): void {
    this.inTurn(async () => {
      if (this.mustIgnore(description.type)) return;
      this.settingAnswer = description.type === 'answer';
      await this.pc.setRemoteDescription(description);
      this.settingAnswer = false;
      if (description.type === 'offer') await this.answer();
    });
  }

  candidate(candidate: IceCandidate): void {
    this.inTurn(async () => {
      // Of an offer that we ignore, or of a path that was given up meanwhile, they mean nothing to us.
      if (!this.ignoring) await this.pc.addIceCandidate(candidate).catch(() => {});
    });
  }

  sender(kind: Kind): RTCRtpSender | undefined {
    return this.transceiver(kind)?.sender;
  }

  stats(): Promise<RTCStatsReport> {
    return this.pc.getStats();
  }

  close(): void {
    this.ended = true;
    this.pc.close();
    for (const track of this.options.remote.getTracks()) this.options.remote.removeTrack(track);
  }

  private begin(): RTCPeerConnection {
    const { iceServers, found, changed } = this.options;
    const pc = new RTCPeerConnection({ iceServers, bundlePolicy: 'max-bundle' });
    const current = () => pc === this.pc && !this.ended;
    pc.onnegotiationneeded = () => void this.offer(pc);
    pc.onicecandidate = ({ candidate }) => {
      if (candidate && current()) found(candidate.toJSON() as IceCandidate);
    };
    pc.onconnectionstatechange = () => {
      if (current()) changed(pc.connectionState);
    };
    pc.ontrack = ({ track }) => {
      if (current()) this.receive(track);
    };
    return pc;
  }

  private receive(track: MediaStreamTrack): void {
    const { remote } = this.options;
    for (const old of remote.getTracks()) {
      if (old.kind === track.kind) remote.removeTrack(old);
    }
    remote.addTrack(track);
    // Browsers say it only of tracks that they add themselves.
    remote.dispatchEvent(new MediaStreamTrackEvent('addtrack', { track }));
  }

  private addTransceivers(): void {
    const stream = new MediaStream();
    for (const kind of ['audio', 'video'] as const) {
      const transceiver = this.pc.addTransceiver(this.local[kind] ?? kind, {
        direction: 'sendrecv',
        streams: [stream],
      });
      if (kind === 'audio') sendSoundTwice(transceiver);
    }
  }

  private async offer(pc: RTCPeerConnection): Promise<void> {
    try {
      this.makingOffer = true;
      await pc.setLocalDescription();
      if (pc === this.pc) this.tell(pc.localDescription);
    } catch {
      this.failed(pc);
    } finally {
      this.makingOffer = false;
    }
  }

  private async answer(): Promise<void> {
    const { pc } = this;
    const stream = new MediaStream();
    for (const kind of ['audio', 'video'] as const) {
      const transceiver = this.transceiver(kind);
      if (!transceiver) continue;
      transceiver.direction = 'sendrecv';
      if (kind === 'audio') sendSoundTwice(transceiver);
      transceiver.sender.setStreams?.(stream);
      await transceiver.sender.replaceTrack(this.local[kind]);
    }
    await pc.setLocalDescription();
    this.tell(pc.localDescription);
  }

  private mustIgnore(type: 'offer' | 'answer'): boolean {
    const { pc } = this;
    const ready = !this.makingOffer && (pc.signalingState === 'stable' || this.settingAnswer);
    const collision = type === 'offer' && !ready;
    this.ignoring = collision && !this.options.polite;
    if (collision && !this.ignoring && pc.remoteDescription === null) this.beginAgain();
    return this.ignoring || (type === 'answer' && pc.signalingState !== 'have-local-offer');
  }

  /** Our own first offer gives way: transceivers of an offer that is rolled back would stay behind. */
  private beginAgain(): void {
    this.pc.close();
    this.pc = this.begin();
  }

  private transceiver(kind: Kind): RTCRtpTransceiver | undefined {
    return this.pc.getTransceivers().find(({ receiver }) => receiver.track.kind === kind);
  }

  private tell(description: RTCSessionDescription | null): void {
    const type = description?.type;
    if (this.ended || !description || (type !== 'offer' && type !== 'answer')) return;
    this.options.describe({ kind: type, sdp: description.sdp });
  }

  /** What comes in is taken one after the other: a candidate never overtakes its description. */
  private inTurn(work: () => Promise<void>): void {
    this.queue = this.queue.then(async () => {
      if (this.ended) return;
      const { pc } = this;
      try {
        await work();
      } catch {
        this.failed(pc);
      } finally {
        this.settingAnswer = false;
      }
    });
  }

  /** A browser that cannot go on with this connection gets a new one. */
  private failed(pc: RTCPeerConnection): void {
    if (!this.ended && pc === this.pc) this.options.changed('failed');
  }
}

/**
 * Each packet of sound carries the one before as well (RFC 2198), if both sides know how: single losses are
 * not heard. Elsewhere Opus mends what it can by itself, with less in each packet (`useinbandfec`, which browsers offer).
 */
function sendSoundTwice(transceiver: RTCRtpTransceiver): void {
  const codecs = RTCRtpReceiver.getCapabilities?.('audio')?.codecs ?? [];
  const red = codecs.filter(({ mimeType }) => mimeType === 'audio/red');
  if (red.length > 0) transceiver.setCodecPreferences?.([...new Set([...red, ...codecs])]);
}
