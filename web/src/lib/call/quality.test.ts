import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Quality, qualityOf, type Sample, sampleOf, steadied, UNSTEADY } from './quality.ts';

const before: Sample = {
  at: 0,
  framesDecoded: 100,
  bytes: 1000,
  received: 1000,
  lost: 0,
  roundTrip: 40,
  relayed: false,
};
const later = (changes: Partial<Sample>): Sample => ({
  at: 2000,
  framesDecoded: 160,
  bytes: 90_000,
  received: 1100,
  lost: 0,
  roundTrip: 40,
  relayed: false,
  ...changes,
});

describe('how well somebody arrives', () => {
  it.each([
    ['all of it', later({}), true, 'good'],
    ['with some loss', later({ lost: 6 }), true, 'fair'],
    ['with much loss', later({ lost: 30 }), true, 'poor'],
    ['late', later({ roundTrip: 400 }), true, 'fair'],
    ['very late', later({ roundTrip: 900 }), true, 'poor'],
    ['with pictures that stutter', later({ framesDecoded: 104 }), true, 'poor'],
    ['with sound alone, the camera being off', later({ framesDecoded: 100 }), false, 'good'],
    ['not at all', later({ bytes: 1000 }), true, 'none'],
    ['by a new connection', later({ bytes: 10 }), true, 'unknown'],
    ['where the browser does not tell the delay', later({ roundTrip: null }), true, 'good'],
  ])('%s', (_how, now, camera, quality) => {
    expect(qualityOf(before, now, { camera, microphone: true })).toBe(quality);
  });

  it('is no word at all of somebody who sends neither picture nor sound', () => {
    const nothing = later({ bytes: 1000 });
    const quality = (camera: boolean, microphone: boolean) =>
      qualityOf(before, nothing, { camera, microphone });
    expect(quality(false, false)).toBe('unknown');
    expect([quality(true, false), quality(false, true)]).toEqual(['none', 'none']);
  });

  it('is read from audio and video together, and from the path in use', () => {
    const report = new Map<string, unknown>([
      ['a', { type: 'inbound-rtp', kind: 'audio', bytesReceived: 10, packetsReceived: 1 }],
      [
        'v',
        {
          type: 'inbound-rtp',
          kind: 'video',
          bytesReceived: 90,
          packetsReceived: 9,
          packetsLost: 2,
          framesDecoded: 7,
        },
      ],
      ['x', { type: 'candidate-pair', state: 'failed', currentRoundTripTime: 9 }],
      [
        'p',
        { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 },
      ],
    ]) as unknown as RTCStatsReport;
    expect(sampleOf(report, 5)).toEqual({
      at: 5,
      framesDecoded: 7,
      bytes: 100,
      received: 10,
      lost: 2,
      roundTrip: 50,
      relayed: false,
    });
  });

  it.each([
    ['our relay', 'relay', 'host', true],
    ['their relay', 'host', 'relay', true],
    ['no relay', 'host', 'srflx', false],
  ])('by way of %s', (_what, ours, theirs, relayed) => {
    const pair = { type: 'candidate-pair', nominated: true, state: 'succeeded' };
    const report = new Map<string, unknown>([
      ['p', { ...pair, localCandidateId: 'l', remoteCandidateId: 'r' }],
      ['l', { type: 'local-candidate', id: 'l', candidateType: ours }],
      ['r', { type: 'remote-candidate', id: 'r', candidateType: theirs }],
      ['x', { type: 'local-candidate', id: 'x', candidateType: 'relay' }],
    ]) as unknown as RTCStatsReport;
    expect(sampleOf(report, 5).relayed).toBe(relayed);
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
