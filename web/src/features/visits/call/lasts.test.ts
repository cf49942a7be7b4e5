import { expect, it } from 'vitest';
import type { Visit } from '../model';
import { lasts } from './lasts';

const MINUTE = 60_000;
const TYPES = [
  { code: 'rash', minutes: 45 },
  { code: 'cough', minutes: null },
];
const slot = { starts_at: '2026-11-26T12:00:00Z', ends_at: '2026-11-26T12:15:00Z' };

it.each([
  [{ reason_code: 'rash', slot: null }, 45],
  [{ reason_code: 'cough', slot: null }, 30],
  [{ reason_code: '', slot: null }, 30],
  [{ reason_code: 'rash', slot }, 15],
])('a sign-in lasts for a visit of %j from %i minutes on', (visit, minutes) => {
  expect(lasts(minutes * MINUTE, visit as Visit, TYPES)).toBe(true);
  expect(lasts(minutes * MINUTE - 1, visit as Visit, TYPES)).toBe(false);
  expect(lasts(-MINUTE, visit as Visit, TYPES)).toBe(false);
});
