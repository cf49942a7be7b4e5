import { type Dialogue, NEW_DIALOGUE } from './dialogue.ts';
import type { ClientFrame, IceCandidate, Media, Peer, PeerLeft, ServerFrame } from './protocol.ts';

/** RTCIceServer, as JSON has it: what is not needed may be null. */
export interface IceServer {
  readonly urls: readonly string[];
  readonly username?: string | null;
  readonly credential?: string | null;
}

/** What the API gives somebody who may join: `POST /api/visits/{id}/join`. */
export interface JoinGrant {
  readonly ticket: string;
  readonly signaling_url: string;
  readonly ice_servers: readonly IceServer[];
  readonly attempt_id: string;
}

/**
 * Where the call stands for this page.
 *
 * `idle` not joined yet; `joining` for the first time; `in_call`; `reconnecting` our own connection
 * to signaling is lost and is being made again, while media may go on; `over` by `ending`.
 */
export type Phase = 'idle' | 'joining' | 'in_call' | 'reconnecting' | 'over';

/**
 * Why it is over here. The visit goes on in all cases but `visit_over`. `refused`: the API lets us
 * not join (`problem` is its code). `outdated`: this page is older than the server; load it anew.
 */
export type Ending =
  | 'hung_up'
  | 'taken_over'
  | 'visit_over'
  | 'removed'
  | 'room_full'
  | 'outdated'
  | 'refused';

/** `connecting` the first time; `lost` while it is being mended. */
export type LinkPhase = 'connecting' | 'connected' | 'lost';

interface LinkState {
  /** Counts the peer connections that were tried; see `connection` in the protocol. */
  readonly connection: number;
  readonly phase: LinkPhase;
  /** New connections since media last flowed; the pauses between them grow with it. */
  readonly tries: number;
  /** A new path has to be found as soon as they can be told. */
  readonly due?: boolean;
}

export interface PeerState {
  readonly peer: Peer;
  /**
   * Since when the server has not heard them and until when they may come back (ms of the page's
   * clock); null while it does. Without `until` their seat is given up, and only media hold them here.
   */
  readonly away: { readonly since: number; readonly until: number | null } | null;
  readonly link: LinkState;
}

export interface CallState {
  readonly phase: Phase;
  readonly ending: Ending | null;
  readonly problem: string | null;
  /** New each time somebody joins; the same through all reconnections. */
  readonly instance: string;
  readonly media: Media;
  readonly dialogue: Dialogue;
  readonly ticket: string | null;
  readonly url: string | null;
  /** Which socket counts: what an earlier one still says is not heard. */
  readonly socket: number;
  readonly heartbeatMs: number;
  /** Attempts since it last went well, and when the next one is due. */
  readonly failures: number;
  readonly retryAt: number | null;
  /** Fresh tickets refused since the last welcome. Lost sockets and refused resumes do not count. */
  readonly refusals: number;
  /** The server asked to pause so long before coming back. */
  readonly pauseMs: number | null;
  readonly self: string | null;
  readonly peers: Readonly<Record<string, PeerState>>;
  /** Who left last, while nobody else is here. */
  readonly departed: { readonly peer: Peer; readonly cause: PeerLeft['cause'] } | null;
}

export type CallEvent =
  | { type: 'join'; instance: string }
  | { type: 'granted'; grant: JoinGrant }
  | { type: 'join_failed'; code: string; mayRetry: boolean }
  | { type: 'socket_open'; socket: number }
  | { type: 'socket_closed'; socket: number; code: number }
  | { type: 'frame'; socket: number; frame: ServerFrame }
  | { type: 'timer'; name: string }
  /** Online: for the first time, again, or over another network. */
  | { type: 'network'; online: boolean }
  /** The page may have slept. */
  | { type: 'wake' }
  /** Nothing comes any more from somebody who sends; told once for each silence. */
  | { type: 'silent'; peer: string }
  | { type: 'path'; peer: string; relayed: boolean }
  | { type: 'set_media'; media: Media }
  | { type: 'hang_up' }
  | { type: 'link_state'; peer: string; connection: number; state: RTCPeerConnectionState }
  | { type: 'described'; peer: string; connection: number; kind: 'offer' | 'answer'; sdp: string }
  | { type: 'candidate_found'; peer: string; connection: number; candidate: IceCandidate };

export type Command =
  | { do: 'get_ticket' }
  | { do: 'open'; socket: number; url: string }
  | { do: 'close'; socket: number }
  | { do: 'send'; socket: number; frame: ClientFrame }
  | { do: 'timer'; name: string; ms: number }
  | { do: 'cancel'; name: string }
  | { do: 'link'; peer: string; connection: number; offers: boolean; polite: boolean }
  | { do: 'unlink'; peer: string }
  | { do: 'restart'; peer: string }
  | {
      do: 'describe';
      peer: string;
      connection: number;
      description: { type: 'offer' | 'answer'; sdp: string };
    }
  | { do: 'candidate'; peer: string; connection: number; candidate: IceCandidate };

/** What the reducer may know of the world: the time in ms, and a number in [0, 1). */
export interface Env {
  readonly now: number;
  readonly random: number;
}

export function newCall(media: Media): CallState {
  return {
    phase: 'idle',
    ending: null,
    problem: null,
    instance: '',
    media,
    dialogue: NEW_DIALOGUE,
    ticket: null,
    url: null,
    socket: 0,
    heartbeatMs: 5000,
    failures: 0,
    refusals: 0,
    retryAt: null,
    pauseMs: null,
    self: null,
    peers: {},
    departed: null,
  };
}
