import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { barOf, dropBar, linesOf, pathOfLine, place, spanOf, topOf } from './lanes';
import type { Attempt, Connection, Sample } from './queries';

const at = (seconds: number) => new Date(Date.UTC(2026, 10, 27, 10) + seconds * 1000).toISOString();
const NOW = Date.parse(at(600));

const attempt = (id: string, from: number, to: number | null): Attempt => ({
  id,
  role: 'patient',
  browser: null,
  requested_at: at(from),
  joined_at: at(from + 2),
  connected_at: null,
  ended_at: to === null ? null : at(to),
  end_cause: to === null ? null : 'hang_up',
});

const sample = (attempt_id: string, seconds: number, loss: number | null): Sample => ({
  attempt_id,
  from_role: 'clinician',
  at: at(seconds),
  path: 'direct',
  transport: 'udp',
  loss,
  jitter_ms: 3,
  round_trip_ms: 40,
  received_kbps: 900,
  sent_kbps: 900,
  width: 640,
  height: 480,
  fps: 25,
});

const connection = (changes: Partial<Connection>): Connection => ({
  visit_id: 'v',
  status: 'finished',
  admitted_at: null,
  finished_at: null,
  attempts: [],
  samples: [],
  thinned: false,
  drops: [],
  failures: [],
  marks: [],
  ...changes,
});

describe('the time that the picture shows', () => {
  it('is from the first ticket to the last end', () => {
    const span = spanOf(
      connection({ attempts: [attempt('a', 0, 100), attempt('b', 120, 300)] }),
      NOW,
    );
    expect(span).toEqual({ from: Date.parse(at(0)), to: Date.parse(at(300)) });
  });

  it('goes on until now while somebody is there, and is nothing without an attempt', () => {
    expect(spanOf(connection({ attempts: [attempt('a', 0, null)] }), NOW)?.to).toBe(NOW);
    expect(spanOf(connection({}), NOW)).toBeNull();
  });

  it('is a minute for whoever was gone at once', () => {
    const span = spanOf(connection({ attempts: [attempt('a', 0, 1)] }), NOW);
    expect(span && span.to - span.from).toBe(60_000);
  });
});

describe('what is drawn in it', () => {
  const span = { from: Date.parse(at(0)), to: Date.parse(at(100)) };

  it('has people and drops at their time', () => {
    expect(barOf(attempt('a', 10, 60), span, NOW)).toEqual({ from: 0.12, to: 0.6 });
    const drop = { attempt_id: 'a', at: at(20), lasted_ms: 5000, cause: 'media', recovered: true };
    expect(dropBar(drop as never, span)).toEqual({ from: 0.2, to: 0.25 });
  });

  it('breaks its line where nothing was measured, and at another attempt', () => {
    const samples = [10, 20, 60, 70].map((seconds) => sample('a', seconds, 0.1));
    const lines = linesOf([...samples, sample('b', 80, 0.2)], new Set(['a', 'b']), 'loss', span);
    expect(lines.map((line) => line.map(({ x }) => x))).toEqual([[0.1, 0.2], [0.6, 0.7], [0.8]]);
    expect(linesOf(samples, new Set(['b']), 'loss', span)).toEqual([]);
    expect(linesOf([sample('a', 5, null)], new Set(['a']), 'loss', span)).toEqual([]);
  });

  it('never leaves its box, whatever was measured', () => {
    const numbers = fc.double({ min: 0, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(numbers, numbers), { minLength: 1 }), (points) => {
        const line = points.map(([time, value]) => ({ x: place(span.from + time, span), value }));
        const drawn = pathOfLine(line, topOf([line], 0.1), 600, 60);
        for (const [, x, y] of drawn.matchAll(/([\d.]+),(-?[\d.]+)/g)) {
          expect(Number(x)).toBeLessThanOrEqual(600);
          expect(Number(y)).toBeGreaterThanOrEqual(0);
          expect(Number(y)).toBeLessThanOrEqual(60);
        }
      }),
    );
  });

  it('keeps a good call quiet at the bottom, and shows a lone point', () => {
    const calm = [[{ x: 0, value: 0.001 }]];
    expect(topOf(calm, 0.1)).toBe(0.1);
    expect(pathOfLine([{ x: 0.5, value: 0 }], 1, 100, 10)).toBe('M50.0,10.0 h2');
    expect(pathOfLine([], 1, 100, 10)).toBe('');
  });
});
