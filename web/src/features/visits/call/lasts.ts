import type { Visit } from '../model';

/** Where neither the booked time nor the visit type says how long a visit takes. */
const USUAL_MINUTES = 30;

interface Type {
  code: string;
  minutes: number | null;
}

/** Whether a sign-in with so many ms left lasts for the visit: as booked, as its type says, or as most do. */
export function lasts(left: number, visit: Visit, types: readonly Type[]): boolean {
  return left >= minutesOf(visit, types) * 60_000;
}

function minutesOf({ slot, reason_code }: Visit, types: readonly Type[]): number {
  if (slot) return (Date.parse(slot.ends_at) - Date.parse(slot.starts_at)) / 60_000;
  return types.find(({ code }) => code === reason_code)?.minutes ?? USUAL_MINUTES;
}
