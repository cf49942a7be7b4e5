import { describe, expect, it } from 'vitest';
import type { OwnVisit } from './record';
import { nextStep, openVisits, standsAt } from './thread';

const now = new Date('2026-03-04T15:00:00Z');

function visit(changes: Partial<OwnVisit>): OwnVisit {
  return {
    id: 'v',
    restricted: false,
    patient_id: 'p',
    kind: 'on_demand',
    status: 'intake',
    reason_code: 'cough',
    priority: 0,
    red_flags: [],
    requested_at: '2026-03-04T14:00:00Z',
    intake_done_at: null,
    ready_at: null,
    admitted_at: null,
    finished_at: null,
    slot: null,
    check_in_opens_at: null,
    clinician: null,
    clinic_location: null,
    location: null,
    callback_phone: null,
    emergency_number: null,
    adult: null,
    ...changes,
  };
}

const booked = {
  kind: 'booked',
  slot: { starts_at: '2026-03-05T16:00:00Z', ends_at: '2026-03-05T16:20:00Z' },
  check_in_opens_at: '2026-03-05T15:30:00Z',
} as const;

describe("the patient's thread", () => {
  it('asks for the questions first, also ahead of a booked time', () => {
    expect(nextStep(visit({}), now)).toBe('answer');
    expect(nextStep(visit(booked), now)).toBe('answerAhead');
  });

  it('asks nothing of who has answered and whose time has not come', () => {
    const answered = visit({ ...booked, intake_done_at: '2026-03-04T14:10:00Z' });
    expect(nextStep(answered, now)).toBe('comeLater');
    expect(nextStep(answered, new Date('2026-03-05T15:31:00Z'))).toBe('checkIn');
    expect(standsAt(answered)).toBe('waiting');
  });

  it('leads back to the waiting room and to the call', () => {
    expect(nextStep(visit({ status: 'left' }), now)).toBe('return');
    expect(nextStep(visit({ status: 'admitted' }), now)).toBe('join');
    expect(standsAt(visit({ status: 'admitted' }))).toBe('call');
  });

  it('puts the visit nearest to the clinician first and leaves out what is over', () => {
    const visits = [
      visit({ id: 'later', ...booked }),
      visit({ id: 'over', status: 'finished' }),
      visit({ id: 'here', status: 'waiting' }),
      visit({ id: 'gone', status: 'no_show' }),
    ];
    expect(openVisits(visits).map(({ id }) => id)).toEqual(['here', 'later']);
  });
});
