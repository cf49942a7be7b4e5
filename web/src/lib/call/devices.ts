import type { Kind, LocalTracks } from './peer.ts';
import { type DeviceProblem, pageProblem, problemOf } from './problems.ts';
import type { Media } from './protocol.ts';
import { Store } from './store.ts';

export interface Device {
  readonly id: string;
  /** As the system calls it; empty until somebody allowed its use. */
  readonly label: string;
}

export interface Source {
  /** What the person wants: a microphone that is not muted, a camera that is not off. */
  readonly on: boolean;
  readonly deviceId: string | null;
  readonly problem: DeviceProblem | null;
}

interface LocalState {
  readonly asking: boolean;
  readonly audio: Source;
  readonly video: Source;
  readonly microphones: readonly Device[];
  readonly cameras: readonly Device[];
  readonly speakers: readonly Device[];
  readonly speakerId: string | null;
  readonly tracks: LocalTracks;
}

const KINDS: readonly Kind[] = ['audio', 'video'];
const IDLE: Source = { on: true, deviceId: null, problem: null };
const START: LocalState = {
  asking: false,
  audio: IDLE,
  video: IDLE,
  microphones: [],
  cameras: [],
  speakers: [],
  speakerId: null,
  tracks: { audio: null, video: null },
};

/**
 * This person's camera and microphone: which, whether on, and what is wrong with them. A muted
 * microphone keeps its track, silent, so that unmuting is instant; a camera that is off is let go, so
 * that its light goes out.
 */
export class LocalMedia extends Store<LocalState> {
  private readonly stopping = new AbortController();
  private opened = false;

  constructor() {
    super(START);
  }

  /** What the others are told: a device that cannot be used sends nothing. */
  get media(): Media {
    const sends = (kind: Kind) => {
      const { tracks, [kind]: source } = this.snapshot();
      return source.on && !!tracks[kind] && !tracks[kind].muted;
    };
    return { microphone: sends('audio'), camera: sends('video') };
  }

  /** Ask for camera and microphone, or for those that are not there yet. What cannot be had is said in
   * the state; nothing is thrown. */
  async open(): Promise<void> {
    const impossible = pageProblem();
    if (impossible) {
      this.setSource('audio', { problem: impossible });
      this.setSource('video', { problem: impossible });
      return;
    }
    this.opened = true;
    // Added once, however often it is asked for.
    const { signal } = this.stopping;
    navigator.mediaDevices.addEventListener('devicechange', this.again, { signal });
    this.publish({ ...this.snapshot(), asking: true });
    const wanted = KINDS.filter((kind) => this.wants(kind));
    // One question for both where possible; each by itself if that fails, to know which one it is.
    if (!(await this.acquire(wanted)) && wanted.length > 1) {
      for (const kind of wanted) await this.acquire([kind]);
    }
    await this.list();
    this.publish({ ...this.snapshot(), asking: false });
  }

  async setOn(kind: Kind, on: boolean): Promise<void> {
    this.setSource(kind, { on });
    const track = this.snapshot().tracks[kind];
    if (kind === 'audio' && track) track.enabled = on;
    else if (!on) this.setTrack(kind, null);
    if (on && !this.snapshot().tracks[kind]) await this.open();
  }

  /** Use this camera or microphone from now on; the present one goes on if it cannot be had. */
  async choose(kind: Kind, deviceId: string): Promise<void> {
    const before = this.snapshot()[kind].deviceId;
    this.setSource(kind, { deviceId });
    if (!this.snapshot()[kind].on && kind === 'video') return;
    const problem = await this.acquire([kind]).then((done) =>
      done ? null : this.snapshot()[kind].problem,
    );
    if (problem) this.setSource(kind, { deviceId: before });
  }

  chooseSpeaker(speakerId: string): void {
    this.publish({ ...this.snapshot(), speakerId });
  }

  /** A device that was taken away, busy or paused may be there now: nobody has to press anything. */
  readonly again = async (): Promise<void> => {
    if (!this.opened) return;
    await this.list();
    for (const kind of KINDS) {
      const { problem } = this.snapshot()[kind];
      if (this.wants(kind) && problem !== 'denied') await this.acquire([kind]);
    }
  };

  /** Let go of camera and microphone, until `open` asks for them again. */
  release(): void {
    this.opened = false;
    for (const kind of KINDS) this.setTrack(kind, null);
  }

  /** Let go of everything, for good. */
  close(): void {
    this.stopping.abort();
    this.release();
  }

  private wants(kind: Kind): boolean {
    const { tracks, [kind]: source } = this.snapshot();
    const track = tracks[kind];
    const dead = !track || track.muted || track.readyState === 'ended';
    return dead && (source.on || kind === 'audio');
  }

  private async acquire(kinds: readonly Kind[]): Promise<boolean> {
    if (kinds.length === 0) return true;
    try {
      const stream = await navigator.mediaDevices.getUserMedia(this.constraints(kinds));
      for (const track of stream.getTracks()) this.take(track);
      return true;
    } catch (error) {
      for (const kind of kinds) this.setSource(kind, { problem: problemOf(error) });
      return false;
    }
  }

  private take(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    if (!this.opened || this.stopping.signal.aborted) {
      track.stop();
      return;
    }
    if (kind === 'audio') track.enabled = this.snapshot().audio.on;
    track.onended = () => void this.lost(track);
    // A telephone call, a closed lid or a switch on the device: nothing comes until that is over.
    track.onmute = track.onunmute = () => this.judge(track);
    this.setTrack(kind, track);
    this.setSource(kind, { deviceId: track.getSettings().deviceId ?? null });
    this.judge(track);
  }

  private judge(track: MediaStreamTrack): void {
    const kind = track.kind as Kind;
    if (this.snapshot().tracks[kind] !== track) return;
    this.setSource(kind, { problem: track.muted ? 'paused' : null });
  }

  /** The device was unplugged, or taken from us: go on with another one if there is any. */
  private async lost(track: MediaStreamTrack): Promise<void> {
    const kind = track.kind as Kind;
    if (this.snapshot().tracks[kind] !== track) return;
    this.setTrack(kind, null);
    this.setSource(kind, { deviceId: null });
    await this.acquire([kind]);
    await this.list();
  }

  private async list(): Promise<void> {
    const found = await navigator.mediaDevices.enumerateDevices();
    const of = (kind: MediaDeviceKind): Device[] =>
      found
        .filter((device) => device.kind === kind && device.deviceId !== '')
        .map(({ deviceId, label }) => ({ id: deviceId, label }));
    this.publish({
      ...this.snapshot(),
      microphones: of('audioinput'),
      cameras: of('videoinput'),
      speakers: of('audiooutput'),
    });
  }

  private constraints(kinds: readonly Kind[]): MediaStreamConstraints {
    const { audio, video } = this.snapshot();
    const exact = ({ deviceId }: Source) => (deviceId ? { deviceId: { exact: deviceId } } : {});
    return {
      audio: kinds.includes('audio') && {
        echoCancellation: true,
        noiseSuppression: true,
        autoGainControl: true,
        ...exact(audio),
      },
      video: kinds.includes('video') && {
        width: { ideal: 1280 },
        height: { ideal: 720 },
        frameRate: { ideal: 30, max: 30 },
        ...(video.deviceId ? exact(video) : { facingMode: 'user' }),
      },
    };
  }

  private setSource(kind: Kind, changes: Partial<Source>): void {
    const state = this.snapshot();
    this.publish({ ...state, [kind]: { ...state[kind], ...changes } });
  }

  private setTrack(kind: Kind, track: MediaStreamTrack | null): void {
    const state = this.snapshot();
    state.tracks[kind]?.stop();
    this.publish({ ...state, tracks: { ...state.tracks, [kind]: track } });
  }
}
