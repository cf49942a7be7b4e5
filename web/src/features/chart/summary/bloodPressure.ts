import type { ChartSummary } from '../queries';

/** The two halves of a blood pressure, by LOINC code. */
export const SYSTOLIC = '8480-6';
export const DIASTOLIC = '8462-4';

type Measured = ChartSummary['vitals'][number];
export interface Line {
  of: Measured;
  /** The lower number that was measured together with this upper one. */
  with?: Measured;
}

/** Two numbers that were written down one after the other belong to one measurement. */
const TOGETHER_MS = 60_000;

/** Measurements as they are listed: systolic and diastolic in one line where they were taken together. */
export function lines(all: readonly Measured[]): Line[] {
  const lower = all.find(({ code }) => code === DIASTOLIC);
  const upper = all.find(({ code }) => code === SYSTOLIC);
  if (!lower || !upper || !together(upper, lower)) return all.map((of) => ({ of }));
  return all
    .filter((each) => each !== lower)
    .map((of) => (of === upper ? { of, with: lower } : { of }));
}

function together(one: Measured, other: Measured): boolean {
  const [first, second] = [one.points[0], other.points[0]];
  if (!first || !second) return false;
  return Math.abs(Date.parse(first.at) - Date.parse(second.at)) < TOGETHER_MS;
}
