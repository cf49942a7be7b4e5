import type { OpenSlot } from '../model';

/*
 * What is offered of a day's open slots: each time once, however many clinicians have it free.
 */

/** The times of a day in order: with this clinician, or with whoever is least taken that day. */
export function timesOf(open: readonly OpenSlot[], clinicianId: string | null): OpenSlot[] {
  const free = new Map<string, number>();
  for (const slot of open) free.set(slot.clinician_id, (free.get(slot.clinician_id) ?? 0) + 1);
  const freedom = (slot: OpenSlot) => free.get(slot.clinician_id) ?? 0;
  const times = new Map<string, OpenSlot>();
  for (const slot of open) {
    if (clinicianId !== null && slot.clinician_id !== clinicianId) continue;
    const rival = times.get(slot.starts_at);
    if (!rival || freedom(slot) > freedom(rival)) times.set(slot.starts_at, slot);
  }
  return [...times.values()].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at));
}

export const PARTS = ['morning', 'afternoon', 'evening'] as const;
export type Part = (typeof PARTS)[number];

/** The part of the day in which a moment lies, on the clocks of a zone. */
export function partOf(moment: string, timeZone: string): Part {
  const format = new Intl.DateTimeFormat('en-US', { hour: 'numeric', hourCycle: 'h23', timeZone });
  const hour = Number(format.format(new Date(moment)));
  if (hour < 12) return 'morning';
  return hour < 17 ? 'afternoon' : 'evening';
}
