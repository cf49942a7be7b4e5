import { describe, expect, it } from 'vitest';
import type { OwnRecord } from '../record';
import { standingOf } from './prescription';

const sent: OwnRecord['prescriptions'][number] = {
  id: 'p',
  visit_id: 'v',
  drug: 'Amoxicillin 500 mg capsule',
  sig: 'Take 1 capsule by mouth three times a day',
  sig_es: 'Tome 1 cápsula por la boca tres veces al día',
  pharmacy_name: 'Elm Street Pharmacy',
  pharmacy_phone: '+15185550150',
  status: 'sent',
  signed_at: '2026-03-04T15:00:00Z',
  sent_at: '2026-03-04T15:00:03Z',
};

describe('where a prescription stands', () => {
  it('is sent while the pharmacy may still be reading it', () => {
    expect(standingOf(sent, new Date('2026-03-04T15:30:00Z'))).toBe('sent');
  });

  it('is unconfirmed once the pharmacy has been silent for half an hour', () => {
    expect(standingOf(sent, new Date('2026-03-04T15:30:04Z'))).toBe('unconfirmed');
  });

  it('is with the pharmacy however long ago it confirmed', () => {
    const accepted = { ...sent, status: 'accepted' };
    expect(standingOf(accepted, new Date('2026-03-05T15:00:00Z'))).toBe('accepted');
  });
});
