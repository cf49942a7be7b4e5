import { describe, expect, it } from 'vitest';
import { type Access, byDay, byPerson, bySession } from './accesses';

const look = (who: string, at: string, what = 'chart.read'): Access => ({
  at,
  since: at,
  times: 1,
  who,
  role: 'clinician',
  relationship: null,
  what,
  listed: false,
  visit_id: null,
});

describe('who looked at my record', () => {
  it('puts each look on the day that it was for the reader', () => {
    const late = look('Amara Okafor', '2026-11-20T03:30:00Z');
    expect(byDay([late], 'America/New_York').map(([day]) => day)).toEqual(['2026-11-19']);
    expect(byDay([late], 'Europe/Madrid').map(([day]) => day)).toEqual(['2026-11-20']);
  });

  it('keeps together what one person did in a row, and loses nothing', () => {
    const looks = [
      look('Amara Okafor', '2026-11-20T15:04:00Z', 'note.sign'),
      look('Amara Okafor', '2026-11-20T15:03:00Z', 'note.save'),
      look('Kim Cole', '2026-11-20T15:02:00Z', 'thread.read'),
      look('Amara Okafor', '2026-11-20T15:01:00Z', 'visit.admitted'),
    ];
    const sessions = bySession(looks);
    expect(sessions.map(({ who }) => who)).toEqual(['Amara Okafor', 'Kim Cole', 'Amara Okafor']);
    expect(sessions.flatMap((each) => each.looks)).toEqual(looks);
  });

  it('puts all lists of a person on one row, however they took turns', () => {
    const looks = [
      look('Amara Okafor', '2026-11-20T15:04:00Z', 'queue.read'),
      look('Kim Cole', '2026-11-20T15:02:00Z', 'task.list'),
      look('Amara Okafor', '2026-11-20T15:01:00Z', 'thread.list'),
    ];
    expect(byPerson(looks).map(({ who, looks }) => [who, looks.length])).toEqual([
      ['Amara Okafor', 2],
      ['Kim Cole', 1],
    ]);
  });
});
