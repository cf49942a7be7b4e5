import type { OwnRecord } from '../record';

type Prescription = OwnRecord['prescriptions'][number];

/** A pharmacy's confirmation takes minutes; after this long the patient had better ask. */
const CONFIRMED_WITHIN_MS = 30 * 60_000;

/** Where a signed prescription is, in what the patient can do about it: the texts go by it. */
export type Standing =
  | 'signed'
  | 'sending'
  | 'sent'
  | 'unconfirmed'
  | 'accepted'
  | 'error'
  | 'cancelled';

/** The prescription's own state, or `unconfirmed` when the pharmacy has let too long go by without a word. */
export function standingOf({ status, sent_at }: Prescription, now: Date): Standing {
  const silent = sent_at !== null && now.getTime() - Date.parse(sent_at) > CONFIRMED_WITHIN_MS;
  return status === 'sent' && silent ? 'unconfirmed' : (status as Standing);
}
