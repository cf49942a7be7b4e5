import type { OwnVisit } from './record';

/** The stations of a visit, in order. */
export const STATIONS = ['intake', 'waiting', 'call', 'summary'] as const;
type Station = (typeof STATIONS)[number];

const STANDS_AT: Readonly<Record<OwnVisit['status'], Station | null>> = {
  intake: 'intake',
  waiting: 'waiting',
  left: 'waiting',
  admitted: 'call',
  finished: null,
  cancelled: null,
  no_show: null,
};

/**
 * Where an open visit stands on its thread; null when it is over. A booked visit whose questions
 * are answered waits for its day.
 */
export function standsAt(visit: OwnVisit): Station | null {
  if (visit.status === 'intake' && visit.intake_done_at) return 'waiting';
  return STANDS_AT[visit.status];
}

/** The visits that go on: the one nearest to the clinician first, then by when they take place. */
export function openVisits(visits: readonly OwnVisit[]): OwnVisit[] {
  const rank = ({ status }: OwnVisit) => ['admitted', 'waiting', 'left', 'intake'].indexOf(status);
  const when = (visit: OwnVisit) => visit.slot?.starts_at ?? visit.requested_at;
  return visits
    .filter((visit) => standsAt(visit) !== null)
    .toSorted((a, b) => rank(a) - rank(b) || when(a).localeCompare(when(b)));
}

/** What an open visit asks of the patient now: the texts of `home.next` go by it. */
export type Step = 'answer' | 'answerAhead' | 'comeLater' | 'checkIn' | 'wait' | 'return' | 'join';

export function nextStep(visit: OwnVisit, now: Date): Step {
  if (visit.status === 'admitted') return 'join';
  if (visit.status === 'waiting') return 'wait';
  if (visit.status === 'left') return 'return';
  if (!visit.intake_done_at) return visit.slot ? 'answerAhead' : 'answer';
  const opens = visit.check_in_opens_at;
  return opens && new Date(opens) > now ? 'comeLater' : 'checkIn';
}

/** The page on which a visit goes on. */
export const ADDRESS = {
  intake: '/visit/$visitId/intake',
  waiting: '/visit/$visitId/waiting',
  call: '/visit/$visitId/call',
  summary: '/visits/$visitId',
} as const satisfies Record<Station, string>;
