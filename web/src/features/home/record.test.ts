import { describe, expect, it } from 'vitest';
import { hasSummary, type OwnRecord, type OwnVisit } from './record';

const record = {
  visits: [
    { id: 'signed', signed: true },
    { id: 'unsigned', signed: false },
  ],
} as OwnRecord;

const visit = (id: string, status: OwnVisit['status']) => ({ id, status }) as OwnVisit;

describe('a summary is there to read', () => {
  it.each([
    ['signed', 'finished', true],
    ['unsigned', 'finished', false],
    ['before all that the record tells', 'finished', true],
    ['before all that the record tells', 'cancelled', false],
  ] as const)('of a visit that is %s and %s: %s', (id, status, expected) => {
    expect(hasSummary(record, visit(id, status))).toBe(expected);
  });
});
