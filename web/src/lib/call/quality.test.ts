import { describe, expect, it } from 'vitest';
import { qualityOf, type Sample, sampleOf } from './quality.ts';

const before: Sample = {
  at: 0,
  framesDecoded: 100,
  bytes: 1000,
  received: 1000,
  lost: 0,
  roundTrip: 40,
};
const later = (changes: Partial<Sample>): Sample => ({
  at: 2000,
  framesDecoded: 160,
  bytes: 90_000,
  received: 1100,
  lost: 0,
  roundTrip: 40,
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
    expect(qualityOf(before, now, camera)).toBe(quality);
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
    });
  });
});
