import type { components } from '../api/schema';

export type Sample = components['schemas']['SampleIn'];

/** What a connection's report says at one moment. Counts grow from the connection's start. */
export interface Totals {
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
  readonly path: Sample['path'];
  readonly transport: Sample['transport'];
}

type Stat = Readonly<Record<string, unknown>> & { type: string };

export function totalsOf(report: RTCStatsReport, at: number): Totals {
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
  };
}

/** What happened between two moments, within the bounds that the API takes. Null where nothing can be said. */
export function measured(
  before: Totals,
  now: Totals,
): Omit<Sample, 'participant_id' | 'at_ms'> | null {
  const seconds = (now.at - before.at) / 1000;
  const packets = now.packets - before.packets;
  // Counts begin anew with a new connection.
  if (seconds <= 0 || packets < 0 || now.bytesIn < before.bytesIn) return null;
  const lost = Math.max(0, now.lost - before.lost);
  const kbps = (from: number, to: number) => whole(((to - from) * 8) / 1000 / seconds, 1_000_000);
  return {
    path: now.path ?? null,
    transport: now.transport ?? null,
    loss: lost + packets > 0 ? lost / (lost + packets) : null,
    jitter_ms: now.jitter === null ? null : whole(now.jitter * 1000, 60_000),
    round_trip_ms: now.roundTrip === null ? null : whole(now.roundTrip * 1000, 60_000),
    received_kbps: kbps(before.bytesIn, now.bytesIn),
    sent_kbps: kbps(before.bytesOut, now.bytesOut),
    width: now.width === null ? null : whole(now.width, 16_384),
    height: now.height === null ? null : whole(now.height, 16_384),
    fps: now.width === null ? null : whole((now.frames - before.frames) / seconds, 240),
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
function wayOf(stats: readonly Stat[], pair: Stat | undefined): Pick<Totals, 'path' | 'transport'> {
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
  typeof value === 'number' && Number.isFinite(value) ? value : null;

const sum = (stats: readonly Stat[], name: string) =>
  stats.reduce((total, stat) => total + (numberOf(stat[name]) ?? 0), 0);

const whole = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
