/* Made by `python -m signaling.typescript` from signaling/protocol.py. Not edited by hand. */

export const PROTOCOL_VERSION = 1;
export const MAX_SDP_BYTES = 32768;
export const MAX_CANDIDATES = 50;

export const CloseCode = {
  BAD_MESSAGE: 4400,
  TICKET_REFUSED: 4401,
  RESUME_REFUSED: 4404,
  VERSION_UNSUPPORTED: 4406,
  SILENT: 4408,
  TAKEN_OVER: 4409,
  VISIT_OVER: 4410,
  REMOVED: 4411,
  ROOM_FULL: 4413,
  TOO_MANY_MESSAGES: 4429,
  TOO_SLOW: 4430,
  UNAVAILABLE: 4503,
} as const;

export interface CandidateIn {
  type: 'candidate';
  sender: string;
  connection: number;
  candidate: IceCandidate;
}

/** One ICE candidate for one page of one peer, at most 50 for each description. */
export interface CandidateOut {
  type: 'candidate';
  to: string;
  instance: string;
  connection: number;
  candidate: IceCandidate;
}

export interface ClientFrame {
  seq: number;
  ack: number;
  message: ClientMessage;
}

/** Media flows directly to and from this peer: the attempt was a success. */
export interface Connected {
  type: 'connected';
  to: string;
}

export interface DescriptionIn {
  type: 'description';
  sender: string;
  connection: number;
  kind: 'answer' | 'offer';
  sdp: string;
}

/**
 * An SDP offer or answer for one page of one peer, at most 32 KB. `connection` counts the
 * RTCPeerConnections that the two pages have tried: the higher number wins, so that a fresh start by
 * either is understood by both.
 */
export interface DescriptionOut {
  type: 'description';
  to: string;
  instance: string;
  connection: number;
  kind: 'answer' | 'offer';
  sdp: string;
}

/** This node is about to stop. Come back, by resume, after this pause (it differs for each socket). */
export interface Draining {
  type: 'draining';
  reconnect_in_ms: number;
}

/** 'I am here', both ways. Whoever gets one sends again what its `ack` shows to be missing. */
export interface Heartbeat {
  type: 'heartbeat';
}

/** RTCIceCandidateInit as browsers write it; an empty `candidate` says that there are no more. */
export interface IceCandidate {
  candidate: string;
  sdpMid?: string | null;
  sdpMLineIndex?: number | null;
  usernameFragment?: string | null;
}

/**
 * First frame of a new page. The ticket works once; `instance` is made up by the page, new at each
 * load.
 */
export interface Join {
  type: 'join';
  version: number;
  ticket: string;
  instance: string;
  media: Media;
}

/** Hanging up. It ends this attempt, never the visit. */
export interface Leave {
  type: 'leave';
}

/**
 * What somebody is sending now: a muted microphone or a camera that is off is false.
 *
 * `voice_only`: they have chosen to talk without pictures; nobody sends them one. `paused_for`: the
 * participants to whom no picture is sent for now, because the connection to them is too weak for both.
 */
export interface Media {
  microphone: boolean;
  camera: boolean;
  voice_only?: boolean;
  paused_for?: string[];
}

/**
 * Somebody else in the call, as told to one participant.
 *
 * `instance` changes when their page was loaded anew: what was negotiated with the old one is void.
 * `polite` is for the receiver: when both offer at once, the polite one gives way (W3C WebRTC, 'perfect
 * negotiation'). `away_seconds` is how long they may still take to come back, or null while they are here.
 */
export interface Peer {
  participant_id: string;
  role: 'clinician' | 'guest' | 'patient';
  display: string;
  instance: string;
  polite: boolean;
  media: Media;
  away_seconds?: number | null;
}

/** Their socket is lost: they are reconnecting, and have `away_seconds` for it. */
export interface PeerAway {
  type: 'peer_away';
  participant_id: string;
  away_seconds: number;
}

/** The same page is here again; what was negotiated still holds. */
export interface PeerBack {
  type: 'peer_back';
  participant_id: string;
}

/** Somebody came, or came back with a page loaded anew. */
export interface PeerJoined {
  type: 'peer_joined';
  peer: Peer;
}

/** They hung up, or did not come back in time, or were taken out. */
export interface PeerLeft {
  type: 'peer_left';
  participant_id: string;
  cause: 'hang_up' | 'removed' | 'timeout';
}

export interface PeerMedia {
  type: 'peer_media';
  participant_id: string;
  media: Media;
}

/** One message was not passed on; the socket stays. `about` is the number of that message. */
export interface Refused {
  type: 'refused';
  code:
    | 'candidate_forbidden'
    | 'candidate_invalid'
    | 'no_such_peer'
    | 'sdp_invalid'
    | 'sdp_too_large'
    | 'sdp_without_fingerprint'
    | 'too_many_candidates';
  about: number;
}

/** First frame of a page whose socket was lost. The frame's `ack` tells from where to replay. */
export interface Resume {
  type: 'resume';
  version: number;
  token: string;
}

export interface ServerFrame {
  seq: number;
  ack: number;
  message: ServerMessage;
}

/** Muted or not, camera on or off. */
export interface SetMedia {
  type: 'media';
  media: Media;
}

/** Answer to join and resume. Unless `resumed`, numbers start anew and what was under way is void. */
export interface Welcome {
  type: 'welcome';
  version: number;
  participant_id: string;
  resume_token: string;
  resumed: boolean;
  heartbeat_seconds: number;
  grace_seconds: number;
  peers: Peer[];
}

export type ClientMessage =
  | Join
  | Resume
  | DescriptionOut
  | CandidateOut
  | SetMedia
  | Connected
  | Leave
  | Heartbeat;

export type ServerMessage =
  | Welcome
  | PeerJoined
  | PeerAway
  | PeerBack
  | PeerLeft
  | PeerMedia
  | DescriptionIn
  | CandidateIn
  | Draining
  | Refused
  | Heartbeat;
