import { describe, expect, it } from 'vitest';
import { laneOf, newItem } from '@/lib/outbox/item';
import { kindOf } from '@/lib/outbox/kinds';
import { draftOf } from './editing';
import type { ChartDeed, ChartLetter } from './kinds';
import './kinds';

const letter = (deed: ChartDeed): ChartLetter => ({
  kind: 'chart',
  patientId: 'p1',
  patientName: 'Ada',
  name: 'Walk',
  ...deed,
});
const change = (version: number, recordId = 'r1') =>
  letter({
    deed: 'change',
    recordId,
    version,
    what: { part: 'section', type: 'Goal', body: { values: { due: '2031' } } },
  });
const added = letter({
  deed: 'add',
  what: {
    part: 'allergies',
    body: {
      display: 'Latex',
      reaction: 'hives',
      criticality: 'unable-to-assess',
      active: true,
    },
  },
});
const kind = kindOf(added);
const lane = (of: ChartLetter) => laneOf(newItem(of, 0), kind);

describe('changes of a chart', () => {
  it('wait for what stands before them at the same entry, and for nothing else', () => {
    expect(lane(change(1))).toBe(lane(change(2)));
    expect(lane(change(1))).toBe(
      lane(letter({ deed: 'inError', recordId: 'r1', version: 1, reason: 'x' })),
    );
    expect(lane(change(1))).not.toBe(lane(change(1, 'r2')));
    expect(lane(added)).not.toBe(lane(added));
  });

  it('count on what was made of the entry just before, unless somebody else was there', () => {
    const next = (answer: unknown, later: ChartLetter) => kind?.after?.(change(3), answer, later);
    expect(next({ version: 4 }, change(3))).toMatchObject({ version: 4 });
    expect(next({ version: 5 }, change(3))).toMatchObject({ version: 3 });
    expect(next({ version: 4 }, change(2))).toMatchObject({ version: 2 });
    expect(next({ version: 4 }, letter({ deed: 'right', recordId: 'r1', version: 3 }))).toEqual(
      letter({ deed: 'right', recordId: 'r1', version: 4 }),
    );
  });

  it('go back into the form in which they were written', () => {
    expect(draftOf(added)).toEqual({
      name: 'allergy.p1',
      values: { display: 'Latex', more: 'hives' },
      longText: 'more',
    });
    expect(draftOf(change(1))).toEqual({
      name: 'section.change.r1',
      values: { due: '2031' },
      longText: null,
    });
    expect(
      draftOf(letter({ deed: 'inError', recordId: 'r1', version: 1, reason: 'Mixed up' })),
    ).toEqual({
      name: 'record.in-error.r1',
      values: { reason: 'Mixed up' },
      longText: 'reason',
    });
    expect(draftOf(letter({ deed: 'right', recordId: 'r1', version: 1 }))).toBeNull();
  });
});
