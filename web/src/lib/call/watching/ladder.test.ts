import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AT_FIRST, climb, elsewhere, type Ladder, NO_PICTURE, type Weather } from './ladder.ts';

const FINE: Weather = { loss: 0, roundTrip: 0.03, room: 3000, sent: 700, picture: true };
/** 64 kbit/s that are full, with a queue before them. */
const NARROW: Weather = { loss: 0.2, roundTrip: 0.8, room: 50, sent: 60, picture: true };

const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }));
const weather: fc.Arbitrary<Weather> = fc.record({
  loss: share,
  roundTrip: fc.option(fc.double({ min: 0.001, max: 3, noNaN: true })),
  room: fc.option(fc.double({ min: 1, max: 5000, noNaN: true })),
  sent: fc.option(fc.double({ min: 0, max: 5000, noNaN: true })),
  picture: fc.boolean(),
});
const any = fc.array(weather, { maxLength: 120 });

function through(start: Ladder, days: readonly Weather[]): Ladder[] {
  let ladder = start;
  return days.map((day) => {
    ladder = climb(ladder, day);
    return ladder;
  });
}
const last = (days: readonly Weather[]) => through(AT_FIRST, days).at(-1) ?? AT_FIRST;
const times = (count: number, day: Weather) => Array.from({ length: count }, () => day);

describe('the picture', () => {
  it('begins modest, and is the best one within ten seconds where there is room', () => {
    expect(AT_FIRST.rung).toBe(2);
    expect(last(times(10, FINE)).rung).toBe(0);
  });

  it('is gone two seconds after a narrow link has filled up, whatever was before', () => {
    fc.assert(
      fc.property(any, (before) => {
        const calm = through(elsewhere(last(before)), times(20, FINE)).at(-1) ?? AT_FIRST;
        expect(through(calm, times(2, NARROW)).at(-1)?.rung).toBe(NO_PICTURE);
      }),
    );
  });

  it('gives way to heavy loss where a browser estimates no room, too', () => {
    const lossy = { ...FINE, loss: 0.2, room: null };
    expect(last(times(8, lossy)).rung).toBe(NO_PICTURE);
  });

  it('stays away while only the sound fits, is tried once a minute, and comes back as soon as there is room', () => {
    const gone = { ...last(times(4, NARROW)), calm: 0 };
    const sound = { loss: 0, roundTrip: 0.03, room: 50, sent: 25, picture: true };
    expect(through(gone, times(59, sound)).every(({ rung }) => rung === NO_PICTURE)).toBe(true);
    expect(through(gone, times(60, sound)).at(-1)?.rung).toBe(NO_PICTURE - 1);
    const soon = [...times(20, sound), { ...sound, room: 95 }];
    expect(through(gone, soon).at(-1)?.rung).toBe(NO_PICTURE - 1);
  });

  it('comes back to its best by itself, whatever was before', () => {
    fc.assert(
      fc.property(any, (before) => {
        expect(through(last(before), times(110, FINE)).at(-1)?.rung).toBe(0);
      }),
    );
  });

  it('comes back one rung at a time, never sooner than three seconds after it changed', () => {
    fc.assert(
      fc.property(any, (days) => {
        const rungs = [AT_FIRST, ...through(AT_FIRST, days)].map(({ rung }) => rung);
        let changed = -3;
        for (const [at, rung] of rungs.entries()) {
          const before = rungs[at - 1] ?? rung;
          expect(rung).toBeGreaterThanOrEqual(0);
          expect(rung).toBeLessThanOrEqual(NO_PICTURE);
          if (rung < before) {
            expect(before - rung).toBe(1);
            expect(at - changed).toBeGreaterThanOrEqual(3);
          }
          if (rung !== before) changed = at;
        }
      }),
    );
  });

  it('is tried ever more rarely on a link that bears no more than it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: NO_PICTURE }), (bears) => {
        let ladder = AT_FIRST;
        let tries = 0;
        for (let second = 0; second < 900; second += 1) {
          const before = ladder.rung;
          ladder = climb(ladder, before < bears ? { ...NARROW, room: 3 } : FINE);
          if (ladder.rung < before && ladder.rung < bears) tries += 1;
        }
        // Once a minute at the most, when it has been learned.
        expect(tries).toBeLessThanOrEqual(20);
      }),
    );
  });

  it('stays while the way is long and has room: a satellite is no traffic jam', () => {
    const far = { ...FINE, roundTrip: 0.7 };
    expect(last([...times(20, FINE), ...times(20, far)]).rung).toBe(0);
  });

  it('is not made better while nobody sends one: that would prove nothing', () => {
    fc.assert(
      fc.property(any, (before) => {
        const start = last([...before.map((day) => ({ ...day, picture: false }))]);
        const rungs = through(start, times(200, { ...FINE, picture: false }));
        expect(Math.min(...rungs.map(({ rung }) => rung))).toBe(2);
      }),
    );
  });

  it('of a new way is judged by that way alone', () => {
    const near = last(times(20, FINE));
    const far = { ...FINE, roundTrip: 0.5, room: null };
    expect(through(near, times(4, far)).at(-1)?.rung).toBe(NO_PICTURE);
    expect(through(elsewhere(near), times(4, far)).at(-1)?.rung).toBe(0);
  });
});
