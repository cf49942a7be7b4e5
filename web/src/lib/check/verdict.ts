import type { components } from '../api/schema';

export type Facts = components['schemas']['CheckIn'];
export type Verdict = components['schemas']['CheckOut']['verdict'];
export type Device = Facts['camera'];

/** How good one figure is: `good` leaves room, `fair` carries video, `poor` voice alone, `bad` neither. */
export type Grade = 'good' | 'fair' | 'poor' | 'bad';
type Figure = 'round_trip_ms' | 'jitter_ms' | 'loss' | 'up_kbps' | 'down_kbps';

interface Limits {
  readonly round_trip_ms: number;
  readonly jitter_ms: number;
  readonly loss: number;
  readonly kbps: number;
}

/*
 * The server decides by the same figures (`platform/visits/check/domain.py` has their sources), and
 * `tests/visits/check/vectors.json` holds both to one table of cases. Times are of the way there and back, loss is of
 * one way.
 */
const VIDEO: Limits = { round_trip_ms: 800, jitter_ms: 100, loss: 0.05, kbps: 350 };
const VOICE: Limits = { round_trip_ms: 800, jitter_ms: 200, loss: 0.2, kbps: 64 };
/**
 * Nobody notices less: 150 ms one way (ITU-T G.114), 30 ms of variation, one packet in a hundred; and what a picture of
 * 1280x720 takes in WebRTC.
 */
const GOOD: Limits = { round_trip_ms: 300, jitter_ms: 30, loss: 0.01, kbps: 1200 };

const FIGURES: readonly Figure[] = ['round_trip_ms', 'jitter_ms', 'loss', 'up_kbps', 'down_kbps'];
const TROUBLES: Record<Figure, string> = {
  round_trip_ms: 'delay',
  jitter_ms: 'jitter',
  loss: 'loss',
  up_kbps: 'up',
  down_kbps: 'down',
};

function isBeyond(figure: Figure, value: number, limits: Limits): boolean {
  if (figure === 'up_kbps' || figure === 'down_kbps') return value < limits.kbps;
  return value > limits[figure];
}

/** Which figures are worse than these limits. What was not measured is nothing against it. */
function beyond(facts: Facts, limits: Limits): Figure[] {
  return FIGURES.filter((figure) => {
    const value = facts[figure];
    return value != null && isBeyond(figure, value, limits);
  });
}

export function gradeOf(figure: Figure, value: number): Grade {
  if (!isBeyond(figure, value, GOOD)) return 'good';
  if (!isBeyond(figure, value, VIDEO)) return 'fair';
  return isBeyond(figure, value, VOICE) ? 'bad' : 'poor';
}

/** What to expect of the call. */
export function verdictOf(facts: Facts): Verdict {
  const heard = facts.microphone === 'ok' || facts.microphone === 'silent';
  if (!heard || facts.speaker === 'not_heard') return 'none';
  if (facts.network === 'no_path' || beyond(facts, VOICE).length > 0) return 'none';
  return facts.camera === 'ok' && beyond(facts, VIDEO).length === 0 ? 'video' : 'voice';
}

/** What is not as it should be, in the order in which one sees to it. */
export function troublesOf(facts: Facts): string[] {
  const devices = (['microphone', 'camera'] as const)
    .filter((device) => facts[device] !== 'ok')
    .map((device) => `${device}_${facts[device]}`);
  const speaker = facts.speaker === 'not_heard' ? ['speaker'] : [];
  const network = facts.network === 'found' ? [] : [facts.network];
  return [
    ...devices,
    ...speaker,
    ...network,
    ...beyond(facts, VIDEO).map((each) => TROUBLES[each]),
  ];
}
