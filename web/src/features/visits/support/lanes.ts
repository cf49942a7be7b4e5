import type { Attempt, Connection, Drop, Sample } from './queries';

/** A stretch on the picture, in parts of its width. */
export interface Bar {
  readonly from: number;
  readonly to: number;
}

export interface Point {
  readonly x: number;
  readonly value: number;
}

/** Samples further apart than this are not joined by a line. */
const GAP_MS = 25_000;
/** Shorter calls are drawn as if they had lasted so long. */
const SHORTEST_MS = 60_000;

const ms = (at: string) => Date.parse(at);

/** When the picture begins and ends: from the first ticket to the last thing that is known. */
export function spanOf(connection: Connection, now: number): { from: number; to: number } | null {
  const { attempts, samples, drops } = connection;
  const [first] = attempts;
  if (!first) return null;
  const from = ms(first.requested_at);
  const ends = [
    ...attempts.map((each) => (each.ended_at ? ms(each.ended_at) : now)),
    ...samples.map(({ at }) => ms(at)),
    ...drops.map(({ at, lasted_ms }) => ms(at) + lasted_ms),
  ];
  return { from, to: Math.max(from + SHORTEST_MS, ...ends) };
}

type Span = NonNullable<ReturnType<typeof spanOf>>;

export const place = (at: number, { from, to }: Span): number =>
  Math.min(1, Math.max(0, (at - from) / (to - from)));

/** Who was there: from the moment they were in the call, or had a ticket, to the end of the attempt. */
export function barOf(attempt: Attempt, span: Span, now: number): Bar {
  const from = place(ms(attempt.joined_at ?? attempt.requested_at), span);
  return { from, to: Math.max(from, place(attempt.ended_at ? ms(attempt.ended_at) : now, span)) };
}

export function dropBar({ at, lasted_ms }: Drop, span: Span): Bar {
  return { from: place(ms(at), span), to: place(ms(at) + lasted_ms, span) };
}

export type Figure = 'loss' | 'round_trip_ms' | 'received_kbps' | 'fps';

/** The lines of one figure as one role's pages saw it, broken where nothing was measured. */
export function linesOf(
  samples: readonly Sample[],
  attempts: ReadonlySet<string>,
  figure: Figure,
  span: Span,
): Point[][] {
  const lines: Point[][] = [];
  const last = new Map<string, { at: number; line: Point[] }>();
  for (const sample of samples) {
    const value = sample[figure];
    if (!attempts.has(sample.attempt_id) || value === null) continue;
    const at = ms(sample.at);
    const key = `${sample.attempt_id} ${sample.from_role}`;
    const before = last.get(key);
    const line = before && at - before.at <= GAP_MS ? before.line : [];
    if (line.length === 0) lines.push(line);
    line.push({ x: place(at, span), value });
    last.set(key, { at, line });
  }
  return lines;
}

/** The top of a lane: at least what is already bad, so that a good call draws a quiet line at the bottom. */
export function topOf(lines: readonly (readonly Point[])[], least: number): number {
  return Math.max(least, ...lines.flat().map(({ value }) => value));
}

/** `M0,40 L12,38 …` in a box of that size; a single point becomes a dash that can be seen. */
export function pathOfLine(line: readonly Point[], top: number, width: number, height: number) {
  const spot = ({ x, value }: Point) =>
    `${(x * width).toFixed(1)},${(height - (Math.min(value, top) / top) * height).toFixed(1)}`;
  const [first] = line;
  if (!first) return '';
  if (line.length === 1) return `M${spot(first)} h2`;
  return `M${line.map(spot).join(' L')}`;
}
