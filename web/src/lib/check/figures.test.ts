import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Echoes, rateOf, timingOf } from './figures.ts';

const every = (count: number, trip: (number: number) => number | null): Echoes => {
  const sent = Array.from({ length: count }, (_, number) => number * 20);
  const back = new Map<number, number>();
  for (const [number, at] of sent.entries()) {
    const ms = trip(number);
    if (ms !== null) back.set(number, at + ms);
  }
  return { sent, back };
};

describe('the figures of a network', () => {
  it('are those of an even one', () => {
    expect(timingOf(every(100, () => 42))).toEqual({ round_trip_ms: 42, jitter_ms: 0, loss: 0 });
  });

  it('tell loss of one way: 19% of those that come back are 10% each way', () => {
    const found = timingOf(every(100, (number) => (number < 19 ? null : 40)));
    expect(found.loss).toBeCloseTo(0.1, 5);
    expect(found.round_trip_ms).toBe(40);
  });

  it('tell how uneven it is', () => {
    const found = timingOf(every(200, (number) => (number % 2 ? 40 : 100)));
    expect(found.jitter_ms).toBeGreaterThan(55);
    expect(found.jitter_ms).toBeLessThanOrEqual(60);
  });

  it('leave out what cannot be told', () => {
    expect(timingOf({ sent: [], back: new Map() })).toEqual({
      round_trip_ms: null,
      jitter_ms: null,
      loss: null,
    });
    expect(timingOf(every(50, () => null))).toEqual({
      round_trip_ms: null,
      jitter_ms: null,
      loss: 1,
    });
    expect(rateOf(1000, 0)).toBeNull();
    expect(rateOf(0, 2500)).toBe(0);
    expect(rateOf(125_000, 1000)).toBe(1000);
  });

  it('are such as the API takes, whatever comes back when', () => {
    const trips = fc.array(fc.option(fc.integer({ min: -5, max: 100_000 }), { nil: null }), {
      maxLength: 300,
    });
    fc.assert(
      fc.property(trips, (all) => {
        const { round_trip_ms, jitter_ms, loss } = timingOf(
          every(all.length, (n) => all[n] ?? null),
        );
        for (const ms of [round_trip_ms, jitter_ms]) {
          if (ms !== null) expect(Number.isInteger(ms) && ms >= 0 && ms <= 60_000).toBe(true);
        }
        if (loss !== null) expect(loss >= 0 && loss <= 1).toBe(true);
      }),
    );
  });
});
