import { browserOf } from '../call/problems.ts';

const FRAMES = 24;
/** iPhones draw 60 or 120 times a second, and 30 times while they save power. Nothing else tells. */
const SAVING_MS = 27;

/** Whether an iPhone or iPad saves power, which makes its picture stutter. */
export async function savesPower(userAgent = navigator.userAgent): Promise<boolean> {
  if (browserOf(userAgent) !== 'ios' || document.hidden) return false;
  const times: number[] = [];
  while (times.length < FRAMES) {
    times.push(await new Promise<number>((resolve) => requestAnimationFrame(resolve)));
  }
  return isSaving(times);
}

/** By the middle pause between frames: a busy moment is no saving. */
export function isSaving(times: readonly number[]): boolean {
  const pauses = times
    .slice(1)
    .map((at, before) => at - (times[before] ?? at))
    .sort((a, b) => a - b);
  return (pauses[Math.floor(pauses.length / 2)] ?? 0) > SAVING_MS;
}
