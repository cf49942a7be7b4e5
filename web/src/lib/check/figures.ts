/** What became of the messages that were to come back: when each was sent, and when it came, in ms of the page's clock. */
export interface Echoes {
  readonly sent: readonly number[];
  /** By the number of the message; none for what was lost. */
  readonly back: ReadonlyMap<number, number>;
}

export interface Timing {
  readonly round_trip_ms: number | null;
  readonly jitter_ms: number | null;
  readonly loss: number | null;
}

/**
 * Round trip (the middle one), jitter (as RTP smooths it, RFC 3550, 6.4.1, of whole round trips) and the loss of one way:
 * a message is lost on either, and the ways are taken to be alike.
 */
export function timingOf({ sent, back }: Echoes): Timing {
  if (sent.length === 0) return { round_trip_ms: null, jitter_ms: null, loss: null };
  const trips = sent.flatMap((at, number) => {
    const came = back.get(number);
    return came === undefined ? [] : [Math.max(0, came - at)];
  });
  const loss = 1 - Math.sqrt(trips.length / sent.length);
  if (trips.length === 0) return { round_trip_ms: null, jitter_ms: null, loss };
  return { round_trip_ms: whole(middleOf(trips)), jitter_ms: whole(jitterOf(trips)), loss };
}

/** kbit/s of so many bytes in so many ms; null where nothing can be said. */
export function rateOf(bytes: number, ms: number): number | null {
  return ms > 0 ? Math.min(1_000_000, Math.round((bytes * 8) / ms)) : null;
}

function middleOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function jitterOf(trips: readonly number[]): number {
  let jitter = 0;
  for (const [at, trip] of trips.entries()) {
    const before = trips[at - 1];
    if (before !== undefined) jitter += (Math.abs(trip - before) - jitter) / 16;
  }
  return jitter;
}

const whole = (ms: number) => Math.min(60_000, Math.round(ms));
