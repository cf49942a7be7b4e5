import type { components } from '../../api/schema';

type Noted = components['schemas']['SampleIn'];

/** What a connection's report says at one moment. Counts grow from the connection's start. */
export interface Reading {
  /** ms of the page's clock */
  readonly at: number;
  readonly lost: number;
  readonly packets: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly frames: number;
  readonly width: number | null;
  readonly height: number | null;
  /** Seconds, as browsers say it. */
  readonly jitter: number | null;
  readonly roundTrip: number | null;
  readonly path: Noted['path'];
  readonly transport: Noted['transport'];
  readonly sending: Sending;
}

/** How what we send arrives, as the other side and the browser's own estimate tell. Null where they do not. */
interface Sending {
  /** The worse of sound and picture, as a share. */
  readonly loss: number | null;
  /** Seconds, with what queues on the way. */
  readonly roundTrip: number | null;
  /** kbit/s that the way to them takes. Not in Firefox. */
  readonly room: number | null;
}

type Stat = Readonly<Record<string, unknown>> & { type: string };

/** Older words of the other side are of a stream that has ended. */
const FRESH_MS = 7000;

/** The one reader of a connection's report: the quality, the history and the ladder of the picture go by what it finds. */
export function readingOf(report: RTCStatsReport, at: number): Reading {
  const stats = [...(report.values() as Iterable<Stat>)];
  const incoming = stats.filter(({ type }) => type === 'inbound-rtp');
  const outgoing = stats.filter(({ type }) => type === 'outbound-rtp');
  const video = incoming.find(({ kind }) => kind === 'video');
  const pair = pairOf(stats);
  return {
    at,
    lost: sum(incoming, 'packetsLost'),
    packets: sum(incoming, 'packetsReceived'),
    bytesIn: sum(incoming, 'bytesReceived'),
    bytesOut: sum(outgoing, 'bytesSent'),
    frames: sum(incoming, 'framesDecoded'),
    width: numberOf(video?.frameWidth),
    height: numberOf(video?.frameHeight),
    jitter: numberOf(incoming.find(({ kind }) => kind === 'audio')?.jitter),
    roundTrip: numberOf(pair?.currentRoundTripTime),
    ...wayOf(stats, pair),
    sending: sendingOf(stats, pair),
  };
}

function sendingOf(stats: readonly Stat[], pair: Stat | undefined): Sending {
  const told = stats.filter(({ type }) => type === 'remote-inbound-rtp');
  const latest = Math.max(...stats.map(({ timestamp }) => numberOf(timestamp) ?? 0));
  const fresh = told.filter((stat) => latest - (numberOf(stat.timestamp) ?? 0) < FRESH_MS);
  const room = numberOf(pair?.availableOutgoingBitrate);
  return {
    loss: most(fresh.map(({ fractionLost }) => fractionLost)),
    roundTrip: most([pair?.currentRoundTripTime, ...fresh.map((stat) => stat.roundTripTime)]),
    room: room === null ? null : room / 1000,
  };
}

/** The pair of candidates in use. Firefox marks it, the others name it in the transport's report. */
function pairOf(stats: readonly Stat[]): Stat | undefined {
  const named = stats.find(({ type }) => type === 'transport')?.selectedCandidatePairId;
  const pairs = stats.filter(({ type }) => type === 'candidate-pair');
  return (
    pairs.find(({ id, selected }) => selected === true || (named !== undefined && id === named)) ??
    pairs.find(({ nominated, state }) => nominated === true && state === 'succeeded')
  );
}

/** Only the kind of each candidate is read: addresses stay in the browser. */
function wayOf(
  stats: readonly Stat[],
  pair: Stat | undefined,
): Pick<Reading, 'path' | 'transport'> {
  const end = (id: unknown) => (pair ? stats.find((stat) => stat.id === id) : undefined);
  const local = end(pair?.localCandidateId);
  const remote = end(pair?.remoteCandidateId);
  if (!local) return { path: null, transport: null };
  const relay = local.candidateType === 'relay' || remote?.candidateType === 'relay';
  const said =
    local.candidateType === 'relay' ? (local.relayProtocol ?? local.protocol) : local.protocol;
  const transport = (['udp', 'tcp', 'tls'] as const).find((each) => each === said) ?? null;
  return { path: relay ? 'relay' : 'direct', transport };
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;

const sum = (stats: readonly Stat[], name: string) =>
  stats.reduce((total, stat) => total + (numberOf(stat[name]) ?? 0), 0);

function most(values: readonly unknown[]): number | null {
  const known = values.map(numberOf).filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}
