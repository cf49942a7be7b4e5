/*
 * What gives way when a connection is weak: the picture, in size and rate and then altogether, never the
 * sound. Fed once a second with how what we send arrives; pure, so that tests can send it any weather.
 */

export interface Rung {
  readonly kbps: number;
  readonly fps: number;
  /** The camera's picture is sent this many times smaller, on each side. */
  readonly scale: number;
  /** With less room than this, in kbit/s, the picture goes down to the next rung. */
  readonly floor: number;
}

/** From the best picture to the smallest. Below the last one there is none. */
export const RUNGS: readonly Rung[] = [
  { kbps: 1700, fps: 30, scale: 1, floor: 600 },
  { kbps: 700, fps: 24, scale: 1.5, floor: 280 },
  { kbps: 300, fps: 20, scale: 2, floor: 150 },
  { kbps: 110, fps: 12, scale: 4, floor: 90 },
];
export const NO_PICTURE = RUNGS.length;
/** A call begins with a modest picture, and better it is made when the sound is safe. */
const START = 2;

/** How what we send arrived in the last second; null where nothing is known. */
export interface Weather {
  /** A share of packets. */
  readonly loss: number | null;
  /** Seconds there and back, with what queues on the way. */
  readonly roundTrip: number | null;
  /** kbit/s that the way takes, and that were sent. */
  readonly room: number | null;
  readonly sent: number | null;
  /** A picture is wanted and there: one that nobody sends proves nothing. */
  readonly picture: boolean;
}

export interface Ladder {
  readonly rung: number;
  /** The shortest way there and back so far, in seconds; it forgets slowly. */
  readonly calmest: number | null;
  readonly bad: number;
  readonly calm: number;
  /** The rung that was too high when it was last tried, and the calm seconds asked for before it is tried again. */
  readonly failed: number;
  readonly patience: number;
  readonly sinceUp: number;
  /** The room a second ago: one that shrinks on a step up was too small for it. */
  readonly room: number | null;
}

const BAD_SECONDS = 2;
const FIRST_PATIENCE = 3;
const LONGEST_PATIENCE = 60;
/** Trouble so soon after a step up is its fault. */
const TRIAL_SECONDS = 10;
/** A browser's estimate of the room grows only as it is used: while it grows, so long, a step up is not judged by it. */
const ESTIMATE_SECONDS = 6;
/** So much longer than the shortest, a packet stands in a queue that somebody fills. */
const QUEUE_SECONDS = 0.15;
/** One so long is emptied only if nothing more goes into it. */
const LONG_QUEUE_SECONDS = 0.3;
const HEAVY_LOSS = 0.1;
/** What is sent fills the room, so that the room is what limits it. */
const FILLED = 0.7;

export const AT_FIRST: Ladder = {
  rung: START,
  calmest: null,
  bad: 0,
  calm: 0,
  failed: -1,
  patience: FIRST_PATIENCE,
  sinceUp: Number.POSITIVE_INFINITY,
  room: null,
};

export function climb(before: Ladder, weather: Weather): Ladder {
  const calmest = calmestOf(before, weather.roundTrip);
  // Where there is room left, the way is long, and nobody of ours makes it so.
  const ours = weather.room === null || fills(weather);
  const queue = ours && calmest !== null ? (weather.roundTrip ?? 0) - calmest : 0;
  const now = { ...before, calmest, sinceUp: before.sinceUp + 1 };
  return { ...moved(now, weather, queue), room: weather.room };
}

/** The same call over another way: what was learned of the old one's delay says nothing. */
export function elsewhere(ladder: Ladder): Ladder {
  return { ...ladder, calmest: null, bad: 0, calm: 0 };
}

function moved(ladder: Ladder, weather: Weather, queue: number): Ladder {
  const { rung, sinceUp } = ladder;
  if (isBad(ladder, weather, queue)) {
    const bad = ladder.bad + 1;
    const enough = bad >= BAD_SECONDS || sinceUp <= TRIAL_SECONDS;
    return enough ? down(ladder, weather, queue) : { ...ladder, bad, calm: 0 };
  }
  const calm = queue > QUEUE_SECONDS ? 0 : ladder.calm + 1;
  const best = weather.picture ? 0 : START;
  const passed = sinceUp === TRIAL_SECONDS && rung <= ladder.failed;
  const learned = passed ? { failed: -1, patience: FIRST_PATIENCE } : {};
  const now = { ...ladder, bad: 0, calm, ...learned };
  const patience = rung - 1 <= now.failed ? now.patience : FIRST_PATIENCE;
  if (calm < patience || rung <= best || isTooNarrow(rung, calm, weather)) return now;
  return { ...now, rung: rung - 1, calm: 0, sinceUp: 0 };
}

/**
 * Whether a first picture would only disturb the sound: the browser's estimate of the room grows by itself where there
 * is more than the sound takes. It may err, so that after a long calm the picture is tried all the same.
 */
function isTooNarrow(rung: number, calm: number, { room }: Weather): boolean {
  const floor = RUNGS[rung - 1]?.floor ?? 0;
  return rung === NO_PICTURE && room !== null && room < floor && calm < LONGEST_PATIENCE;
}

function isBad({ rung, sinceUp, room }: Ladder, weather: Weather, queue: number): boolean {
  if (rung === NO_PICTURE) return false;
  const shrinks = room !== null && weather.room !== null && weather.room < room;
  const judged = sinceUp > ESTIMATE_SECONDS || shrinks;
  return (
    queue > QUEUE_SECONDS || (weather.loss ?? 0) > HEAVY_LOSS || (judged && starves(rung, weather))
  );
}

function starves(rung: number, weather: Weather): boolean {
  const floor = RUNGS[rung]?.floor ?? 0;
  return weather.room !== null && weather.room < floor && fills(weather);
}

function fills({ room, sent }: Weather): boolean {
  return room !== null && (sent ?? 0) > room * FILLED;
}

/** One rung down, or as many as the room or the queue ask for. */
function down(ladder: Ladder, weather: Weather, queue: number): Ladder {
  let rung = queue > LONG_QUEUE_SECONDS ? NO_PICTURE : ladder.rung + 1;
  while (rung < NO_PICTURE && starves(rung, weather)) rung += 1;
  const now = { ...ladder, rung, bad: 0, calm: 0, sinceUp: Number.POSITIVE_INFINITY };
  if (ladder.sinceUp > TRIAL_SECONDS) return now;
  const failed = Math.max(ladder.failed, ladder.rung);
  return { ...now, failed, patience: Math.min(LONGEST_PATIENCE, ladder.patience * 2) };
}

function calmestOf({ calmest, rung }: Ladder, roundTrip: number | null): number | null {
  if (roundTrip === null || calmest === null) return roundTrip ?? calmest;
  if (roundTrip < calmest) return roundTrip;
  // What stays when no picture is sent is the way itself.
  return calmest + (roundTrip - calmest) * (rung === NO_PICTURE ? 0.05 : 0.01);
}
