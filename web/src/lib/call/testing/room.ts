import type { ClientFrame, ClientMessage, Media, Peer, ServerFrame } from '../protocol.ts';

/*
 * As much of the signaling server as the tests of the reducer need: seats, numbered messages, resume,
 * grace. The real one is tested in Python; this one is for orders of events that only a browser sees.
 */

interface Seat {
  id: string;
  instance: string;
  token: string;
  media: Media;
  socket: number | null;
  sent: number;
  taken: number;
  pending: { seq: number; message: ServerFrame['message'] }[];
}

type Deliver = (id: string, socket: number, frame: ServerFrame) => void;
type CloseSocket = (id: string, socket: number, code: number) => void;

const HEARTBEAT_S = 5;
const GRACE_S = 45;

export class FakeRoom {
  private readonly seats = new Map<string, Seat>();
  private tokens = 0;

  constructor(
    private readonly deliver: Deliver,
    private readonly close: CloseSocket,
  ) {}

  hear(id: string, socket: number, frame: ClientFrame): void {
    const { message } = frame;
    if (message.type === 'join') this.join(id, socket, message);
    else if (message.type === 'resume') this.resume(id, socket, message.token, frame.ack);
    else this.say(id, socket, frame);
  }

  lost(id: string, socket: number): void {
    const seat = this.seats.get(id);
    if (seat?.socket !== socket) return;
    seat.socket = null;
    this.tellOthers(id, { type: 'peer_away', participant_id: id, away_seconds: GRACE_S });
  }

  /** The grace of everybody who is away is over. */
  drop(): void {
    for (const seat of [...this.seats.values()]) {
      if (seat.socket === null) this.remove(seat.id, 'timeout');
    }
  }

  private join(id: string, socket: number, message: ClientMessage & { type: 'join' }): void {
    const before = this.seats.get(id);
    if (before?.socket != null && before.socket !== socket) this.close(id, before.socket, 4409);
    const { instance, media } = message;
    const token = `${id}-${++this.tokens}`;
    const seat = { id, instance, token, media, socket, sent: 0, taken: 0, pending: [] };
    this.seats.set(id, seat);
    this.welcome(seat, false);
    for (const other of this.others(id)) {
      this.tell(other, { type: 'peer_joined', peer: peerOf(seat, other.id) });
    }
  }

  private resume(id: string, socket: number, token: string, ack: number): void {
    const seat = this.seats.get(id);
    if (seat?.token !== token) {
      this.close(id, socket, 4404);
      return;
    }
    const away = seat.socket === null;
    seat.socket = socket;
    seat.pending = seat.pending.filter(({ seq }) => seq > ack);
    if (away) this.tellOthers(id, { type: 'peer_back', participant_id: id });
    this.welcome(seat, true);
    this.again(seat);
  }

  private say(id: string, socket: number, { seq, ack, message }: ClientFrame): void {
    const seat = this.seats.get(id);
    if (seat?.socket !== socket) return;
    seat.pending = seat.pending.filter((each) => each.seq > ack);
    if (seq !== 0 && seq !== seat.taken + 1) return;
    if (seq !== 0) seat.taken = seq;
    this.take(seat, message);
  }

  private take(seat: Seat, message: ClientMessage): void {
    if (message.type === 'heartbeat') {
      this.send(seat, { type: 'heartbeat' }, 0);
      this.again(seat);
    } else if (message.type === 'media') {
      seat.media = message.media;
      const { id: participant_id, media } = seat;
      this.tellOthers(seat.id, { type: 'peer_media', participant_id, media });
    } else if (message.type === 'leave') {
      this.remove(seat.id, 'hang_up');
    } else if (message.type === 'description' || message.type === 'candidate') {
      const other = this.seats.get(message.to);
      const { to: _to, instance, ...rest } = message;
      if (other?.instance === instance) this.tell(other, { ...rest, sender: seat.id });
    }
  }

  private welcome(seat: Seat, resumed: boolean): void {
    const peers = this.others(seat.id).map((other) => peerOf(other, seat.id));
    this.send(
      seat,
      {
        type: 'welcome',
        version: 1,
        participant_id: seat.id,
        resume_token: seat.token,
        resumed,
        heartbeat_seconds: HEARTBEAT_S,
        grace_seconds: GRACE_S,
        peers,
      },
      0,
    );
  }

  private remove(id: string, cause: 'hang_up' | 'timeout'): void {
    this.seats.delete(id);
    this.tellOthers(id, { type: 'peer_left', participant_id: id, cause });
  }

  private others(id: string): Seat[] {
    return [...this.seats.values()].filter((seat) => seat.id !== id);
  }

  private tellOthers(id: string, message: ServerFrame['message']): void {
    for (const other of this.others(id)) this.tell(other, message);
  }

  private tell(seat: Seat, message: ServerFrame['message']): void {
    seat.sent += 1;
    seat.pending.push({ seq: seat.sent, message });
    this.send(seat, message, seat.sent);
  }

  private again(seat: Seat): void {
    for (const { seq, message } of [...seat.pending]) this.send(seat, message, seq);
  }

  private send(seat: Seat, message: ServerFrame['message'], seq: number): void {
    if (seat.socket !== null) {
      this.deliver(seat.id, seat.socket, { seq, ack: seat.taken, message });
    }
  }
}

/** `doctor` is the impolite one. */
function peerOf({ id, instance, media, socket }: Seat, viewer: string): Peer {
  return {
    participant_id: id,
    role: id === 'doctor' ? 'clinician' : 'patient',
    display: id,
    instance,
    polite: viewer !== 'doctor',
    media,
    away_seconds: socket === null ? GRACE_S : null,
  };
}
