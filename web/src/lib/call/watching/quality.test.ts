import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Quality, qualityOf, steadied, UNSTEADY } from './quality.ts';
import { type Reading, readingOf } from './reading.ts';

const NOTHING: Reading = readingOf(new Map() as unknown as RTCStatsReport, 0);
const before: Reading = {
  ...NOTHING,
  frames: 100,
  bytesIn: 1000,
  packets: 1000,
  roundTrip: 0.04,
};
const later = (changes: Partial<Reading>): Reading => ({
  ...before,
  at: 2000,
  frames: 160,
  bytesIn: 90_000,
  packets: 1100,
  ...changes,
});

describe('how well somebody arrives', () => {
  it.each([
    ['all of it', later({}), true, 'good'],
    ['with some loss', later({ lost: 6 }), true, 'fair'],
    ['with much loss', later({ lost: 30 }), true, 'poor'],
    ['late', later({ roundTrip: 0.4 }), true, 'fair'],
    ['very late', later({ roundTrip: 0.9 }), true, 'poor'],
    ['with pictures that stutter', later({ frames: 104 }), true, 'poor'],
    ['with sound alone, the camera being off', later({ frames: 100 }), false, 'good'],
    ['not at all', later({ bytesIn: 1000 }), true, 'none'],
    ['by a new connection', later({ bytesIn: 10 }), true, 'unknown'],
    ['where the browser does not tell the delay', later({ roundTrip: null }), true, 'good'],
  ])('%s', (_how, now, camera, quality) => {
    expect(qualityOf(before, now, { camera, microphone: true })).toBe(quality);
  });

  it('is no word at all of somebody who sends neither picture nor sound', () => {
    const nothing = later({ bytesIn: 1000 });
    const quality = (camera: boolean, microphone: boolean) =>
      qualityOf(before, nothing, { camera, microphone });
    expect(quality(false, false)).toBe('unknown');
    expect([quality(true, false), quality(false, true)]).toEqual(['none', 'none']);
  });
});

describe('the word for it', () => {
  const flowing = fc.constantFrom<Quality>('poor', 'fair', 'good');
  const any = fc.constantFrom<Quality>('unknown', 'none', 'poor', 'fair', 'good');

  function words(samples: readonly Quality[]): Quality[] {
    let steady = UNSTEADY;
    return samples.map((sample) => {
      steady = steadied(steady, sample);
      return steady.shown;
    });
  }

  it('is the plain one as soon as the samples agree for a while', () => {
    fc.assert(
      fc.property(fc.array(any), any, (before, last) => {
        expect(words([...before, ...Array<Quality>(16).fill(last)]).at(-1)).toBe(last);
      }),
    );
  });

  it('tells of silence after two seconds, and of its end at once', () => {
    fc.assert(
      fc.property(fc.array(any), flowing, (before, next) => {
        expect(words([...before, 'none', 'none', next]).slice(-2)).toEqual(['none', next]);
      }),
    );
  });

  it('never changes because two samples take turns', () => {
    fc.assert(
      fc.property(flowing, flowing, (one, other) => {
        const turns = Array.from({ length: 60 }, (_, at) => (at % 2 ? other : one));
        expect(new Set(words(turns))).toEqual(new Set([one]));
      }),
    );
  });

  it('changes every fourth second at most, however the samples jump, to one of them', () => {
    fc.assert(
      fc.property(fc.array(flowing, { minLength: 2, maxLength: 80 }), (samples) => {
        const shown = words(samples);
        const changes = shown.flatMap((word, at) => (at > 0 && word !== shown[at - 1] ? [at] : []));
        for (const [at, change] of changes.entries()) {
          expect(change - (changes[at - 1] ?? 0)).toBeGreaterThanOrEqual(4);
          expect(samples.slice(Math.max(change - 8, 0), change + 1)).toContain(shown[change]);
        }
      }),
    );
  });
});
