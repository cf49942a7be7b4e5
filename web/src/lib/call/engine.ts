import { LocalMedia } from './devices.ts';
import { type Kind, PeerLink } from './peer.ts';
import type { ClientFrame, Media, ServerFrame } from './protocol.ts';
import { step } from './reduce.ts';
import {
  type CallEvent,
  type CallState,
  type Command,
  type IceServer,
  type JoinGrant,
  newCall,
} from './state.ts';
import { Store } from './store.ts';
import { ASLEEP_MS, type News, watchWaking } from './wake.ts';
import type { Quality } from './watching/quality.ts';
import type { Watch } from './watching/watch.ts';

/** The API's answer to somebody who may not join now. With `mayRetry` it is asked again by itself. */
export class JoinRefused extends Error {
  constructor(
    readonly code: string,
    readonly mayRetry: boolean,
  ) {
    super(code);
  }
}

const SAMPLE_MS = 1000;
const GRANT_MS = 15_000;

/**
 * A call, as a thing that runs: carries out what the reducer (`reduce.ts`) commands and tells it what
 * happens. Knows sockets, timers and peer connections; decides nothing.
 */
export class Call extends Store<CallState> {
  /** How well each peer is received, by participant id; looked at every second. */
  readonly qualities = new Qualities({});
  readonly links = new Map<string, PeerLink>();
  private readonly remotes = new Map<string, MediaStream>();
  private readonly timers = new Map<string, ReturnType<typeof setTimeout>>();
  private watch: Promise<Watch> | undefined;
  private readonly stopping = new AbortController();
  private readonly sockets = new Map<number, WebSocket>();
  private iceServers: RTCIceServer[] = [];
  private grant: JoinGrant | null = null;
  private sampling: ReturnType<typeof setInterval> | undefined;
  private sampledAt = 0;
  private cameraWasOn = true;

  constructor(
    private readonly getGrant: () => Promise<JoinGrant>,
    readonly local: LocalMedia = new LocalMedia(),
  ) {
    super(newCall(local.media));
    const { signal } = this.stopping;
    watchWaking(signal, (news) => this.hearOf(news));
    let tracks = local.snapshot().tracks;
    const unsubscribe = local.subscribe(() => {
      const before = tracks;
      ({ tracks } = local.snapshot());
      for (const kind of ['audio', 'video'] as const) {
        if (tracks[kind] !== before[kind]) this.sendTrack(kind, tracks[kind]);
      }
      this.tellMedia();
    });
    signal.addEventListener('abort', unsubscribe);
  }

  /** `grant`: a ticket that the caller has got already, for the first attempt. */
  join(grant: JoinGrant | null = null): void {
    this.grant = grant;
    this.take({ type: 'join', instance: crypto.randomUUID() });
    this.sampledAt = Date.now();
    this.sampling ??= setInterval(() => void this.sample(), SAMPLE_MS);
  }

  hangUp(): void {
    this.take({ type: 'hang_up' });
  }

  /** Try now instead of after the present pause. */
  retryNow(): void {
    this.take({ type: 'network', online: true });
  }

  /** What is heard and seen of a peer; the same object for as long as they are in the call. */
  remote(peer: string): MediaStream {
    const known = this.remotes.get(peer) ?? new MediaStream();
    this.remotes.set(peer, known);
    return known;
  }

  /** Talk without pictures, or with them again. One's own camera is let go, and is on again if it was before. */
  async voiceOnly(voice_only: boolean): Promise<void> {
    if (voice_only && !this.snapshot().media.voice_only)
      this.cameraWasOn = this.local.snapshot().video.on;
    const turned = this.cameraWasOn && this.local.setOn('video', !voice_only);
    this.tellMedia({ voice_only });
    await turned;
  }

  /** To whom no picture is sent for now, because their connection is too weak. */
  pauseFor(paused_for: string[]): void {
    this.tellMedia({ paused_for });
  }

  /** What the browser says of each link, by participant id: for the call's history. */
  reports = () =>
    Promise.all([...this.links].map(async ([id, at]) => [id, await at.stats()] as const));

  /** The page goes away: sockets and connections are closed without a leave, so that a reload finds the
   * same seat. Devices are the owner's to close. */
  dispose(): void {
    this.stopping.abort();
    this.stopSampling();
    for (const timer of this.timers.values()) clearTimeout(timer);
    for (const link of this.links.values()) link.close();
    for (const socket of this.sockets.values()) socket.close();
  }

  take(event: CallEvent): void {
    if (this.stopping.signal.aborted) return;
    const env = { now: Date.now(), random: Math.random() };
    const { state, commands } = step(this.snapshot(), event, env);
    this.publish(state);
    for (const command of commands) this.carryOut(command);
    if (state.phase === 'over') this.stopSampling();
  }

  private tellMedia(changes: Partial<Media> = {}): void {
    const media = { ...this.snapshot().media, ...this.local.media, ...changes };
    // Whoever turns the camera on talks with pictures again.
    media.voice_only &&= !this.local.snapshot().video.on;
    this.take({ type: 'set_media', media });
  }

  private hearOf(news: News): void {
    if (news === 'gone') this.take({ type: 'network', online: false });
    else {
      this.take(news === 'moved' ? { type: 'network', online: true } : { type: 'wake' });
      void this.local.again();
    }
  }

  private stopSampling(): void {
    clearInterval(this.sampling);
    this.sampling = undefined;
    this.qualities.set({});
  }

  private carryOut(command: Command): void {
    switch (command.do) {
      case 'get_ticket':
        void this.askGrant();
        break;
      case 'open':
        this.open(command.socket, command.url);
        break;
      case 'close':
        this.sockets.get(command.socket)?.close();
        this.sockets.delete(command.socket);
        break;
      case 'send':
        this.send(command.socket, command.frame);
        break;
      case 'timer':
        this.setTimer(command.name, command.ms);
        break;
      case 'cancel':
        clearTimeout(this.timers.get(command.name));
        this.timers.delete(command.name);
        break;
      case 'link':
        this.link(command);
        break;
      case 'unlink':
        this.links.get(command.peer)?.close();
        this.links.delete(command.peer);
        // A new connection to somebody who is still here plays in the same place.
        if (!this.snapshot().peers[command.peer]) this.remotes.delete(command.peer);
        break;
      case 'restart':
        this.links.get(command.peer)?.restart();
        break;
      case 'describe':
        this.links.get(command.peer)?.describe(command.description);
        break;
      case 'candidate':
        this.links.get(command.peer)?.candidate(command.candidate);
        break;
    }
  }

  private async askGrant(): Promise<void> {
    try {
      const grant = this.grant ?? (await soon(this.getGrant()));
      this.grant = null;
      this.iceServers = grant.ice_servers.map(iceServer);
      this.take({ type: 'granted', grant });
    } catch (error) {
      const { code, mayRetry } =
        error instanceof JoinRefused ? error : { code: 'unknown', mayRetry: true };
      this.take({ type: 'join_failed', code, mayRetry });
    }
  }

  private open(number: number, url: string): void {
    const socket = new WebSocket(url);
    this.sockets.set(number, socket);
    socket.onopen = () => this.take({ type: 'socket_open', socket: number });
    socket.onclose = ({ code }) => {
      this.sockets.delete(number);
      this.take({ type: 'socket_closed', socket: number, code });
    };
    socket.onmessage = ({ data }: MessageEvent<string>) => {
      const frame = JSON.parse(data) as ServerFrame;
      this.take({ type: 'frame', socket: number, frame });
    };
  }

  private send(number: number, frame: ClientFrame): void {
    const socket = this.sockets.get(number);
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  private setTimer(name: string, ms: number): void {
    clearTimeout(this.timers.get(name));
    const ring = () => {
      this.timers.delete(name);
      this.take({ type: 'timer', name });
    };
    this.timers.set(name, setTimeout(ring, ms));
  }

  private link({ peer, connection, offers, polite }: Command & { do: 'link' }): void {
    const link = new PeerLink({
      iceServers: this.iceServers,
      offers,
      polite,
      local: this.local.snapshot().tracks,
      remote: this.remote(peer),
      describe: ({ kind, sdp }) => this.take({ type: 'described', peer, connection, kind, sdp }),
      found: (candidate) => this.take({ type: 'candidate_found', peer, connection, candidate }),
      changed: (state) => this.take({ type: 'link_state', peer, connection, state }),
    });
    this.links.set(peer, link);
  }

  private sendTrack(kind: Kind, track: MediaStreamTrack | null): void {
    for (const link of this.links.values()) {
      link.send(kind, track).catch(() => link.restart());
    }
  }

  private async sample(): Promise<void> {
    const slept = Date.now() - this.sampledAt > ASLEEP_MS;
    this.sampledAt = Date.now();
    if (slept) this.hearOf('back');
    // Not needed to join, so not waited for: what cannot be loaded now is asked for again.
    this.watch ??= import('./watching/watch.ts').then(({ Watch }) => new Watch(this));
    const watch = await this.watch.catch(() => null);
    if (!watch) this.watch = undefined;
    const found = await watch?.look();
    if (found && this.sampling !== undefined) this.qualities.set(found);
  }
}

/** An answer in good time, or none: a request that hangs is asked again. */
async function soon(answer: Promise<JoinGrant>): Promise<JoinGrant> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, refuse) => {
    timer = setTimeout(() => refuse(new JoinRefused('no_answer', true)), GRANT_MS);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

function iceServer({ urls, username, credential }: IceServer): RTCIceServer {
  return { urls: [...urls], ...(username && credential ? { username, credential } : {}) };
}

class Qualities extends Store<Readonly<Record<string, Quality>>> {
  set(found: Readonly<Record<string, Quality>>): void {
    if (JSON.stringify(found) !== JSON.stringify(this.snapshot())) this.publish(found);
  }
}
