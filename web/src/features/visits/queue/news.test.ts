import { describe, expect, it } from 'vitest';
import type { Queue, QueueEntry } from '../model';
import { news, shortName } from './news';

const NOW = '2026-11-20T15:00:00Z';

function entry(id: string, change: Partial<QueueEntry> = {}): QueueEntry {
  return {
    visit_id: id,
    patient: {
      id,
      name: 'Maria Lopez',
      birth_date: '1988-02-29',
      clinical_sex: 'female',
      language: 'en',
      mrn: '1',
      phone: null,
    },
    restricted: false,
    reason_code: 'cough',
    kind: 'on_demand',
    status: 'waiting',
    priority: 0,
    red_flags: [],
    requested_at: NOW,
    ready_at: NOW,
    left_at: null,
    admitted_at: null,
    slot_starts_at: null,
    location: null,
    callback_phone: null,
    adult: null,
    no_message: false,
    licensed: null,
    presence: { state: 'here', since: null },
    doubts: [],
    in_call: [],
    clinician: null,
    running_late_minutes: null,
    phoned: null,
    check: null,
    ...change,
  };
}

const queue = (...entries: QueueEntry[]): Queue => ({ entries, now: NOW });
const told = (before: Queue, after: Queue) =>
  news(before, after).map(({ kind, entry: { visit_id } }) => `${kind} ${visit_id}`);
const pain = { code: 'chest_pain', level: 'emergency' as const, at: NOW, changed_at: null };

describe('what is new in the queue', () => {
  it('is somebody who was not waiting before', () => {
    expect(told(queue(entry('a')), queue(entry('a'), entry('b')))).toEqual(['arrival b']);
    expect(told(queue(entry('a', { status: 'intake' })), queue(entry('a')))).toEqual(['arrival a']);
    expect(told(queue(entry('a', { status: 'left' })), queue(entry('a')))).toEqual(['arrival a']);
  });

  it('is a red flag, wherever the patient is, once', () => {
    const flagged = queue(entry('a', { status: 'intake', red_flags: [pain] }));
    expect(told(queue(), flagged)).toEqual(['flag a']);
    expect(told(flagged, flagged)).toEqual([]);
    const worse = { ...pain, code: 'stroke' };
    expect(told(flagged, queue(entry('a', { red_flags: [pain, worse] })))).toEqual(['flag a']);
  });

  it('is a flag that was taken back and is raised again, and not the taking back', () => {
    const raised = queue(entry('a', { red_flags: [pain] }));
    const changed = queue(entry('a', { red_flags: [{ ...pain, changed_at: NOW }] }));
    expect(told(raised, changed)).toEqual([]);
    expect(told(changed, raised)).toEqual(['flag a']);
  });

  it('is nobody who was put back, admitted or is still on the way', () => {
    expect(told(queue(entry('a', { status: 'admitted' })), queue(entry('a')))).toEqual([]);
    expect(told(queue(entry('a')), queue(entry('a', { status: 'admitted' })))).toEqual([]);
    expect(told(queue(), queue(entry('a', { status: 'intake' })))).toEqual([]);
    expect(told(queue(entry('a')), queue())).toEqual([]);
  });
});

describe('a short name', () => {
  it('has the first name and one letter', () => {
    expect(shortName('Maria Lopez')).toBe('Maria L.');
    expect(shortName('Ana María Ruiz Vega')).toBe('Ana V.');
    expect(shortName('Cher')).toBe('Cher');
  });
});
