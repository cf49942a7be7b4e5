import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Peer } from '@/lib/call/protocol';
import { type CallState, newCall, type PeerState, type Phase } from '@/lib/call/state';
import { Activity } from '@/lib/session/activity';
import { useAwake } from './useAwake';

const HOUR = 3_600_000;
const somebody = { somebody: {} as PeerState };

const call = (phase: Phase, peers: CallState['peers'] = {}): CallState => ({
  ...newCall({ microphone: true, camera: true }),
  phase,
  peers,
});

/** Whether somebody who touches nothing for an hour counts as there; and again after the call. */
function isThere(state: CallState, awaited: Peer['role']): [boolean, boolean] {
  const activity = new Activity(() => {});
  const idle = () => activity.idleFor(Date.now() + HOUR) > 0;
  const { rerender } = renderHook((now) => useAwake(now, awaited), { initialProps: state });
  const during = !idle();
  rerender(call('over'));
  activity.lastUse = Date.now();
  const after = !idle();
  activity.stop();
  return [during, after];
}

it('keeps nobody waiting for a sign of life who talks with somebody', () => {
  expect(isThere(call('in_call', somebody), 'patient')).toEqual([true, false]);
  expect(isThere(call('reconnecting', somebody), 'clinician')).toEqual([true, false]);
});

it('counts a patient who waits in the call as there, and an empty desk not', () => {
  expect(isThere(call('in_call'), 'clinician')).toEqual([true, false]);
  expect(isThere(call('in_call'), 'patient')).toEqual([false, false]);
  expect(isThere(call('idle'), 'clinician')).toEqual([false, false]);
});
