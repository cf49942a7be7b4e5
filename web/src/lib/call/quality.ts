/** How well we hear and see somebody, in a word. `unknown` until two samples could be compared. */
export type Quality = 'unknown' | 'good' | 'fair' | 'poor' | 'none';

/** What is read of one peer's connection at one moment. Counts grow from the connection's start. */
export interface Sample {
  /** ms */
  readonly at: number;
  readonly framesDecoded: number;
  readonly bytes: number;
  readonly received: number;
  readonly lost: number;
  /** ms, or null where the browser does not say. */
  readonly roundTrip: number | null;
}

type Stat = Record<string, unknown> & { type: string };

export function sampleOf(report: RTCStatsReport, at: number): Sample {
  const stats: Stat[] = [];
  report.forEach((stat: Stat) => {
    stats.push(stat);
  });
  const incoming = stats.filter(({ type }) => type === 'inbound-rtp');
  const sum = (name: string) => incoming.reduce((total, stat) => total + number(stat[name]), 0);
  const pair = stats.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  );
  const seconds = pair?.currentRoundTripTime;
  return {
    at,
    framesDecoded: sum('framesDecoded'),
    bytes: sum('bytesReceived'),
    received: sum('packetsReceived'),
    lost: sum('packetsLost'),
    roundTrip: typeof seconds === 'number' ? seconds * 1000 : null,
  };
}

/**
 * Loss and delay decide (ITU-T G.114 calls up to 150 ms one way good and above 400 ms
 * unacceptable); nothing at all is `none`. Video that stutters counts as loss does.
 */
export function qualityOf(before: Sample, now: Sample, sendsVideo: boolean): Quality {
  const seconds = (now.at - before.at) / 1000;
  const bytes = now.bytes - before.bytes;
  if (seconds <= 0 || bytes < 0) return 'unknown';
  if (bytes === 0) return 'none';
  const lost = Math.max(0, now.lost - before.lost);
  const loss = lost / Math.max(1, lost + now.received - before.received);
  const roundTrip = now.roundTrip ?? 0;
  const frames = (now.framesDecoded - before.framesDecoded) / seconds;
  const stutters = sendsVideo && frames < 5;
  if (loss > 0.1 || roundTrip > 800 || stutters) return 'poor';
  if (loss > 0.03 || roundTrip > 300 || (sendsVideo && frames < 12)) return 'fair';
  return 'good';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
