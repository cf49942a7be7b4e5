import type { Draft } from '../model';

/** A document in which nothing was entered, for tests. */
export function emptyDraft(over: Partial<Draft> = {}): Draft {
  return {
    identity: { confirmed: '', note: '' },
    adult: { relation_id: null, name: '', relationship: null, phone: '', phone_given: false },
    location: { line: '', city: '', state: '', zip: '', country: 'US' },
    contact: { callback_phone: '', reach_by: '' },
    answers: {},
    allergies: [],
    no_allergies: false,
    medicines: [],
    no_medicines: false,
    pharmacy: { id: null, name: '' },
    consent: { agreed: false, text_hash: '', language: 'en', signature: '' },
    ...over,
  };
}
