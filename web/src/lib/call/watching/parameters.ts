import { type Ladder, NO_PICTURE, RUNGS } from './ladder.ts';

/** Speech is clear with all of them. The thin ones leave room in 64 kbit/s for the headers of the packets. */
const SOUND_BPS = 32_000;
const THIN_BPS = 16_000;
/** Where each packet carries the one before as well, this is sent twice. */
const THIN_TWICE_BPS = 12_000;
const SMALLEST = NO_PICTURE - 1;

/**
 * What the sender of the sound is told: it goes first, and is thin where there is hardly room. No `networkPriority`:
 * with sound sent twice it makes Chromium (156) count headers as sound, and 16 kbit/s become 6.
 */
export function soundParameters(now: RTCRtpSendParameters, { rung }: Ladder): RTCRtpSendParameters {
  const [encoding, ...rest] = now.encodings;
  if (!encoding) return now;
  const thin = /\/red$/i.test(now.codecs[0]?.mimeType ?? '') ? THIN_TWICE_BPS : THIN_BPS;
  const sound: RTCRtpEncodingParameters = {
    ...encoding,
    priority: 'high',
    maxBitrate: rung < SMALLEST ? SOUND_BPS : thin,
  };
  return { ...now, encodings: [sound, ...rest] };
}

/** What the sender of the picture is told: it comes second, in the size and rate of its rung, or not at all. */
export function pictureParameters(
  now: RTCRtpSendParameters,
  { rung }: Ladder,
  wanted: boolean,
): RTCRtpSendParameters {
  const [encoding, ...rest] = now.encodings;
  const step = RUNGS[Math.min(rung, SMALLEST)];
  if (!encoding || !step) return now;
  const picture: RTCRtpEncodingParameters = {
    ...encoding,
    active: wanted && rung < NO_PICTURE,
    priority: 'low',
    maxBitrate: step.kbps * 1000,
    maxFramerate: step.fps,
    scaleResolutionDownBy: step.scale,
  };
  return { ...now, degradationPreference: 'balanced', encodings: [picture, ...rest] };
}
