import { describe, expect, it } from 'vitest';
import { AT_FIRST, NO_PICTURE } from './ladder.ts';
import { pictureParameters, soundParameters } from './parameters.ts';

const OPUS = { mimeType: 'audio/opus', clockRate: 48_000, payloadType: 111 };
const RED = { mimeType: 'audio/red', clockRate: 48_000, payloadType: 63 };
const now = (...codecs: RTCRtpCodecParameters[]): RTCRtpSendParameters => ({
  transactionId: 't',
  codecs,
  encodings: [{ active: true }],
  headerExtensions: [],
  rtcp: {},
});
const at = (rung: number) => ({ ...AT_FIRST, rung });
const rungs = Array.from({ length: NO_PICTURE + 1 }, (_, rung) => rung);

describe('what senders are told', () => {
  it('keeps the sound on, first, and clear enough for speech on every rung', () => {
    for (const codecs of [
      [OPUS, RED],
      [RED, OPUS],
    ]) {
      for (const rung of rungs) {
        const [sound] = soundParameters(now(...codecs), at(rung)).encodings;
        expect(sound).toMatchObject({ active: true, priority: 'high' });
        expect(sound?.maxBitrate).toBeGreaterThanOrEqual(12_000);
      }
    }
  });

  it('leaves room in 64 kbit/s for the sound and its headers when there is no picture', () => {
    // 50 packets a second, each with 40 bytes of IP, UDP and RTP, and 20 of encryption and extensions.
    const headers = 50 * 60 * 8;
    const bps = (...codecs: RTCRtpCodecParameters[]) =>
      soundParameters(now(...codecs), at(NO_PICTURE)).encodings[0]?.maxBitrate ?? 0;
    expect(bps(OPUS, RED) + headers).toBeLessThan(52_000);
    expect(2 * bps(RED, OPUS) + headers).toBeLessThan(52_000);
  });

  it('makes the picture smaller and slower from rung to rung, and sends none on the last', () => {
    const pictures = rungs.map((rung) => pictureParameters(now(), at(rung), true).encodings[0]);
    expect(pictures.map((each) => each?.active)).toEqual([true, true, true, true, false]);
    for (const [rung, each] of pictures.slice(1, NO_PICTURE).entries()) {
      const better = pictures[rung];
      expect(each?.maxBitrate).toBeLessThan(better?.maxBitrate ?? 0);
      expect(each?.maxFramerate).toBeLessThan(better?.maxFramerate ?? 0);
      expect(each?.scaleResolutionDownBy).toBeGreaterThan(better?.scaleResolutionDownBy ?? 9);
    }
  });

  it('sends no picture that nobody wants', () => {
    for (const rung of rungs) {
      expect(pictureParameters(now(), at(rung), false).encodings[0]?.active).toBe(false);
    }
  });

  it('waits for a sender that has nothing negotiated yet', () => {
    const empty = { ...now(OPUS), encodings: [] };
    expect(soundParameters(empty, at(0))).toBe(empty);
    expect(pictureParameters(empty, at(0), true)).toBe(empty);
  });
});
