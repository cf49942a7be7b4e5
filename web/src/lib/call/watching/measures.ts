import type { components } from '../../api/schema';
import type { Reading } from './reading.ts';

export type Sample = components['schemas']['SampleIn'];

/** What happened between two moments, within the bounds that the API takes. Null where nothing can be said. */
export function measured(
  before: Reading,
  now: Reading,
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

const whole = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value)));
