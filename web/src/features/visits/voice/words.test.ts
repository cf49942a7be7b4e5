import { describe, expect, it } from 'vitest';
import type { Media, Peer } from '@/lib/call/protocol';
import { type CallState, newCall } from '@/lib/call/state';
import { wordsOf } from './words';

const ON: Media = { microphone: true, camera: true };
const said = (mine: Partial<Media>, theirs: Partial<Media>) => {
  const peer: Peer = {
    participant_id: 'ada',
    role: 'clinician',
    display: 'A',
    instance: 'i',
    polite: false,
    media: { ...ON, ...theirs },
  };
  const state: CallState = {
    ...newCall({ ...ON, ...mine }),
    self: 'me',
    peers: {
      ada: { peer, away: null, link: { connection: 1, phase: 'connected', tries: 0 } },
    },
  };
  return wordsOf(state).map(({ what }) => what);
};

describe('what is said of a missing picture', () => {
  it('is nothing while there is one', () => {
    expect(said({}, {})).toEqual([]);
  });

  it('tells each side of a picture that gave way', () => {
    expect(said({ paused_for: ['ada'] }, {})).toEqual(['paused']);
    expect(said({}, { paused_for: ['me'] })).toEqual(['theirsPaused']);
    expect(said({}, { paused_for: ['somebody else'] })).toEqual([]);
  });

  it('tells each side of a choice, and no more than that', () => {
    const weak = { paused_for: ['me'] };
    expect(said({ voice_only: true, camera: false, paused_for: ['ada'] }, weak)).toEqual(['mine']);
    expect(said({ paused_for: ['ada'] }, { voice_only: true, camera: false })).toEqual(['theirs']);
  });

  it('does not call a camera paused that is off', () => {
    expect(said({ camera: false, paused_for: ['ada'] }, {})).toEqual([]);
    expect(said({}, { camera: false, paused_for: ['me'] })).toEqual([]);
  });
});
