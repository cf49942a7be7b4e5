import {
  type ClientFrame,
  type ClientMessage,
  type Media,
  PROTOCOL_VERSION,
  type ServerFrame,
  type ServerMessage,
} from './protocol.ts';

/**
 * This page's half of the conversation with signaling, over as many sockets as it takes: what is
 * said is kept until it is acknowledged and said again when asked; what is heard is taken once and
 * in order. `docs/signaling.md` has the rules; `signaling/headless/client.py` is the same in Python.
 */
export interface Dialogue {
  readonly token: string | null;
  readonly sent: number;
  readonly taken: number;
  readonly pending: readonly { readonly seq: number; readonly message: ClientMessage }[];
  /** What was missed has been asked for; asking again before it comes would only repeat it. */
  readonly asked: boolean;
}

export interface Heard {
  readonly dialogue: Dialogue;
  readonly messages: readonly ServerMessage[];
  readonly frames: readonly ClientFrame[];
}

export const NEW_DIALOGUE: Dialogue = {
  token: null,
  sent: 0,
  taken: 0,
  pending: [],
  asked: false,
};

/** The first frame on a new socket: resume when there is something to resume, else join. */
export function opening(
  dialogue: Dialogue,
  joining: { ticket: string; instance: string; media: Media },
): ClientFrame {
  const { token } = dialogue;
  return frame(
    dialogue,
    token === null
      ? { type: 'join', version: PROTOCOL_VERSION, ...joining }
      : { type: 'resume', version: PROTOCOL_VERSION, token },
  );
}

/** Say something that must arrive. */
export function say(dialogue: Dialogue, message: ClientMessage): [Dialogue, ClientFrame] {
  const seq = dialogue.sent + 1;
  const pending = [...dialogue.pending, { seq, message }];
  return [{ ...dialogue, sent: seq, pending }, frame(dialogue, message, seq)];
}

export function heartbeat(dialogue: Dialogue): ClientFrame {
  return frame(dialogue, { type: 'heartbeat' });
}

export function receive(dialogue: Dialogue, heard: ServerFrame): Heard {
  const { message, seq, ack } = heard;
  if (message.type === 'welcome') {
    const token = message.resume_token;
    if (!message.resumed) {
      return { dialogue: { ...NEW_DIALOGUE, token }, messages: [message], frames: [] };
    }
    const resumed = acknowledged({ ...dialogue, token, asked: false }, ack);
    return { dialogue: resumed, messages: [message], frames: again(resumed) };
  }
  const known = acknowledged(dialogue, ack);
  if (seq === 0) {
    const frames = message.type === 'heartbeat' ? again(known) : [];
    return { dialogue: known, messages: [message], frames };
  }
  if (seq === known.taken + 1) {
    return { dialogue: { ...known, taken: seq, asked: false }, messages: [message], frames: [] };
  }
  if (seq > known.taken && !known.asked) {
    const asking = { ...known, asked: true };
    return { dialogue: asking, messages: [], frames: [heartbeat(asking)] };
  }
  return { dialogue: known, messages: [], frames: [] };
}

function acknowledged(dialogue: Dialogue, upTo: number): Dialogue {
  if (upTo > dialogue.sent || dialogue.pending.every(({ seq }) => seq > upTo)) return dialogue;
  return { ...dialogue, pending: dialogue.pending.filter(({ seq }) => seq > upTo) };
}

function again(dialogue: Dialogue): ClientFrame[] {
  return dialogue.pending.map(({ seq, message }) => frame(dialogue, message, seq));
}

function frame(dialogue: Dialogue, message: ClientMessage, seq = 0): ClientFrame {
  return { seq, ack: dialogue.taken, message };
}
