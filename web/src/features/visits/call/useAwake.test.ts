import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { Peer } from '@/lib/call/protocol';
import { type CallState, newCall, type PeerState, type Phase } from '@/lib/call/state';
import { Activity } from '@/lib/session/activity';
import { useAwake } from './useAwake';

const HALF_AN_HOUR = 30 * 60_000;
const TWO_HOURS = 4 * HALF_AN_HOUR;
const somebody = { somebody: {} as PeerState };

const call = (phase: Phase, peers: CallState['peers'] = {}): CallState => ({
  ...newCall({ microphone: true, camera: true }),
  phase,
  peers,
});

const HOUR = 2 * HALF_AN_HOUR;

/** How far past the session's end somebody is kept by a call that goes through these states. */
function keptPastTheEnd(...states: CallState[]): number {
  const activity = new Activity(() => {});
  const now = Date.now();
  const limits = { end: now - HOUR, inCallEnd: now + HOUR, afterCall: HALF_AN_HOUR };
  const { rerender, unmount } = renderHook((state) => useAwake(state, 'patient'), {
    initialProps: call('idle'),
  });
  for (const state of states) rerender(state);
  const kept = activity.endOf(limits, now) - limits.end;
  unmount();
  activity.stop();
  return kept;
}

it('moves the end of the session with a call that somebody else has been in, and with no other', () => {
  const kept = HOUR + HALF_AN_HOUR;
  expect(keptPastTheEnd(call('in_call'))).toBe(0);
  expect(keptPastTheEnd(call('in_call', somebody))).toBe(kept);
  expect(keptPastTheEnd(call('in_call', somebody), call('in_call'))).toBe(kept);
  expect(keptPastTheEnd(call('in_call', somebody), call('reconnecting', somebody))).toBe(kept);
  expect(keptPastTheEnd(call('in_call', somebody), call('over'))).toBe(0);
  expect(keptPastTheEnd(call('in_call', somebody), call('over'), call('in_call'))).toBe(0);
});

/** Whether somebody who touches nothing for so long counts as there; and again after the call. */
function isThere(state: CallState, awaited: Peer['role'], ms = HALF_AN_HOUR): [boolean, boolean] {
  const activity = new Activity(() => {});
  const idle = () => activity.idleFor(Date.now() + ms) > 0;
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

it('counts who waits alone in the call as there, a clinician at a desk for an hour', () => {
  expect(isThere(call('in_call'), 'clinician', TWO_HOURS)).toEqual([true, false]);
  expect(isThere(call('in_call'), 'patient')).toEqual([true, false]);
  expect(isThere(call('in_call'), 'patient', TWO_HOURS)).toEqual([false, false]);
  expect(isThere(call('idle'), 'clinician')).toEqual([false, false]);
});
