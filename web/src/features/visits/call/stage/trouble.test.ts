import { describe, expect, it } from 'vitest';
import type { PeerState } from '@/lib/call/state';
import { troubleOf } from './trouble';

const peer: PeerState = {
  peer: {
    participant_id: 'p',
    role: 'patient',
    display: 'AB',
    instance: 'i',
    polite: false,
    media: { microphone: true, camera: true },
  },
  away: null,
  link: { connection: 1, phase: 'connected', tries: 0 },
};
const away = { since: 1000, until: 46_000 };
const lost = { ...peer.link, phase: 'lost' as const };

describe('what stands between two people', () => {
  it('is nothing while all is well, or still connecting', () => {
    expect(troubleOf(peer, 'good', 0)).toBeNull();
    expect(troubleOf({ ...peer, link: { ...lost, phase: 'connecting' } }, 'unknown', 0)).toBeNull();
  });

  it('is not worth a word for a moment while pictures still come, and never covers them', () => {
    expect(troubleOf({ ...peer, away }, 'good', 1500)).toBeNull();
    expect(troubleOf({ ...peer, away }, 'good', 4000)).toBe('unheard');
    const unseated = { ...away, until: null };
    expect(troubleOf({ ...peer, away: unseated }, 'good', 400_000)).toBe('unheard');
  });

  it('is said at once when nothing comes any more', () => {
    expect(troubleOf({ ...peer, away }, 'none', 1001)).toBe('away');
    expect(troubleOf({ ...peer, away, link: lost }, 'good', 1001)).toBe('away');
    expect(troubleOf({ ...peer, link: lost }, 'good', 0)).toBe('mending');
  });
});
