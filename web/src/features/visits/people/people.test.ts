import { expect, it } from 'vitest';
import { type Guest, isInCall, spans } from './people';

const guest = (name: string, ...there: [since: string, until: string | null][]): Guest => ({
  id: name,
  account_id: name,
  kind: 'interpreter',
  status: 'admitted',
  name,
  language: 'es',
  contact: null,
  invited_by: 'Ruth Adler',
  invited_at: '2026-11-28T14:00:00Z',
  expires_at: '2026-11-29T14:00:00Z',
  entered_at: null,
  agreed_at: null,
  agreement: null,
  admitted_at: null,
  ended_at: null,
  there: there.map(([since, until]) => ({ since, until })),
});

it('counts a guest who lost the connection and came back as there all the while', () => {
  const ines = guest('Ines', ['14:02', '14:05'], ['14:06', '14:20']);
  expect(spans([ines])).toEqual([{ guest: ines, from: '14:02', until: '14:20' }]);
  expect(isInCall(ines)).toBe(false);
});

it('gives no end to somebody who is still in the call', () => {
  const sam = guest('Sam', ['14:02', '14:05'], ['14:06', null]);
  expect(spans([sam])).toEqual([{ guest: sam, from: '14:02', until: null }]);
  expect(isInCall(sam)).toBe(true);
});

it('leaves out whoever never was in the call', () => {
  expect(spans([guest('Nobody')])).toEqual([]);
});
